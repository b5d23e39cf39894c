"""One request of a scenario: what is asked, how often, and what answer is right."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlencode

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from loadgen.formats.characters import code_point
from loadgen.formats.scalar import WHOLE, text, written

FRAMING = frozenset(("host", "connection", "content-length", "transfer-encoding", "content-type"))


def _target(value: object) -> object:
    """A path as it goes on the wire (RFC 9112, 3.2.1): percent-encoded where needed."""
    value = written(value)
    if not isinstance(value, str):
        return value  # pydantic says what is wrong
    if not value.startswith("/"):
        remedy = f"write it as {'/' + value!r:.60}"
        raise PydanticCustomError("target", "must begin with /", {"remedy": remedy})
    if not all("!" <= letter <= "~" and letter != "#" for letter in value):
        raise PydanticCustomError(
            "target",
            "holds a character that no request line may hold",
            {"remedy": "percent-encode it, as %20 for a space"},
        )
    return value


def _own_fields(name: str) -> str:
    if name.lower() in FRAMING:
        raise PydanticCustomError(
            "field",
            "{name} is set by the load generator",
            {"name": repr(name), "remedy": "leave it out; see `connection:` and `form:`"},
        )
    return name


Target = Annotated[str, BeforeValidator(_target), StringConstraints(max_length=2000)]
# RFC 9110, 5.1 and 5.5. Those that frame the message are the engine's own to set.
HeaderName = Annotated[
    str,
    Field(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", max_length=100),
    AfterValidator(_own_fields),
]
HeaderValue = Annotated[
    str,
    BeforeValidator(text, json_schema_input_type=str | int | float),
    Field(pattern=r"^[!-~]([ \t!-~]*[!-~])?$", max_length=2000),
]
FormValue = Annotated[
    str, BeforeValidator(text, json_schema_input_type=str | int | float), Field(max_length=10_000)
]


class Expect(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    status: Annotated[int, Field(ge=200, le=599), WHOLE] = 200
    bytes: Annotated[int, Field(ge=0, le=1 << 30), WHOLE] | None = Field(
        default=None,
        description="Length of the body; where absent, an answer that is steady is held to it.",
    )


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    get: Target | None = Field(default=None, description="Path to GET, as /615b.html")
    post: Target | None = Field(default=None, description="Path to POST the form to, as /guestbook")
    weight: Annotated[int, Field(ge=1, le=1_000_000), WHOLE] = Field(
        default=1, description="Its share of the mix."
    )
    form: Annotated[dict[str, FormValue], Field(max_length=50)] = Field(
        default_factory=dict, description="Fields of the form that is posted."
    )
    size: Annotated[int, Field(ge=0, le=1 << 20), WHOLE] | None = Field(
        default=None, description="Bytes to POST, in place of a form."
    )
    headers: Annotated[dict[HeaderName, HeaderValue], Field(max_length=50)] = Field(
        default_factory=dict, description="Further fields of the request's head."
    )
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.get is None) == (self.post is None):
            what = "asks nothing" if self.get is None else "asks twice"
            raise PydanticCustomError(
                "method", "{what}", {"what": what, "remedy": "give either `get:` or `post:`, once"}
            )
        if self.form and self.post is None:
            raise PydanticCustomError(
                "method", "a GET has no form", {"remedy": "use `post:`, or put it into the query"}
            )
        if self.size is not None and (self.form or self.post is None):
            what = "both a form and a size" if self.form else "a GET has no body"
            raise PydanticCustomError(
                "method", "{what}", {"what": what, "remedy": "use `size:` with `post:`, alone"}
            )
        try:
            self.wire("localhost", close=True)
        except UnicodeEncodeError as error:
            remedy = "write plain characters; percent-encode what a path or a head may not hold"
            held = code_point(error.object[error.start])
            raise PydanticCustomError(
                "wire", "holds {held}, which cannot be sent", {"held": held, "remedy": remedy}
            ) from None
        return self

    @property
    def method(self) -> Literal["GET", "POST"]:
        return "GET" if self.post is None else "POST"

    @property
    def target(self) -> str:
        return self.get or self.post or "/"

    @property
    def name(self) -> str:
        return f"{self.method} {self.target}"

    @property
    def body(self) -> bytes:
        if self.size is not None:
            return b"x" * self.size
        return urlencode(self.form).encode()

    @property
    def media_type(self) -> str:
        """Of the body."""
        if self.size is not None:
            return "application/octet-stream"
        return "application/x-www-form-urlencoded"

    def wire(self, host: str, *, close: bool) -> bytes:
        """The whole request as it is sent."""
        fields = f"Host: {host}\r\nUser-Agent: serverlab\r\n"
        if close:
            fields += "Connection: close\r\n"
        fields += "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        body = b""
        if self.method == "POST":
            body = self.body
            fields += "Content-Type: application/x-www-form-urlencoded\r\n"
            fields += f"Content-Length: {len(body)}\r\n"
        return f"{self.method} {self.target} HTTP/1.1\r\n{fields}\r\n".encode("ascii") + body
