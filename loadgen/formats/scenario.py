"""A scenario: what to ask of a server, how hard, for how long. Written by people, in YAML.

`scenario_reader` reads one; `scenarios/schema.json` is made from these classes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from loadgen.formats.duration import Between
from loadgen.formats.objective import Find
from loadgen.formats.request import Request
from loadgen.formats.scalar import DECIMAL, LINE, WHOLE, WRITTEN, refused, setting

MOST_USERS = 15_000
MOST_RATE_RPS = 1_000_000


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


Users = Annotated[int, Field(ge=1, le=MOST_USERS), WHOLE]
Rate = Annotated[float, Field(ge=0.1, le=MOST_RATE_RPS), DECIMAL]
Opening = tuple[float, ...] | Find | None
Name = Annotated[str, Field(min_length=1, max_length=64), LINE]
Setting = Annotated[
    str,
    BeforeValidator(setting, json_schema_input_type=str | int | float | bool),
    Field(min_length=1, max_length=200),
]


Settings = Annotated[
    tuple[Setting, ...],
    BeforeValidator(_listed, json_schema_input_type=Setting | list[Setting]),
    Field(min_length=1, max_length=20, strict=False),
]


class Scenario(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, title="Scenario")

    about: Annotated[str, Field(min_length=1, max_length=200), LINE] = Field(
        description="One line: what this asks and what it shows."
    )
    connection: Annotated[Literal["keep-alive", "close"], WRITTEN] = Field(
        default="close",
        description="One connection for each user, or a fresh one for each request.",
    )
    users: Annotated[
        tuple[Users, ...],
        BeforeValidator(_listed, json_schema_input_type=Users | list[Users]),
        Field(min_length=1, max_length=50, strict=False),
    ] = Field(
        default=(20,),
        description="How many at once, and in an open loop connections; a list makes a ladder.",
    )
    think_s: Annotated[float, Between("0s", "60s")] = Field(
        alias="think",
        default="0s",
        validate_default=True,
        description="Closed loop: a user's rest between an answer and its next request.",
    )
    rate: Annotated[
        tuple[Rate, ...],
        BeforeValidator(_listed, json_schema_input_type=Rate | list[Rate]),
        Field(max_length=50, strict=False),
    ] = Field(
        default=(),
        description="Makes it an open loop: arrivals a second, whatever the server does.",
    )
    arrivals: Annotated[Literal["poisson", "constant"], WRITTEN] = Field(
        default="poisson", description="Open loop: as people come, or evenly spaced."
    )
    find: Find | None = Field(
        default=None,
        description="Seek the highest rate at which a latency stays within what is named here.",
    )
    warmup_s: Annotated[float, Between("0s", "5m")] = Field(
        alias="warmup", default="2s", validate_default=True, description="Load before it."
    )
    window_s: Annotated[float, Between("500ms", "60m")] = Field(
        alias="window", default="10s", validate_default=True, description="What is measured."
    )
    timeout_s: Annotated[float, Between("10ms", "60s")] = Field(
        alias="timeout", default="10s", validate_default=True, description="Longest wait."
    )
    trials: Annotated[int, Field(ge=1, le=1000), WHOLE] = Field(
        default=5,
        description="How often each cell is measured: 5 give an interval, 10 of two models a small"
        " difference.",
    )
    models: Annotated[
        tuple[Name, ...],
        BeforeValidator(_listed, json_schema_input_type=Name | list[Name]),
        Field(max_length=50, strict=False),
    ] = Field(default=(), description="Which models; all of them where none is named.")
    path: Annotated[Literal["forwarded", "published", "direct"], WRITTEN] = Field(
        default="forwarded", description="The way to the server: see docs for what each costs."
    )
    block: Annotated[Literal["apart", "together"], WRITTEN] = Field(
        default="apart",
        description="The trials of a block one after the other; or, at a rate, at the same time,"
        " to compare their CPU time in the same moments.",
    )
    receive: Annotated[Literal["guest", "sender"], WRITTEN] | None = Field(
        default=None,
        description="Whose CPU processes what the server receives: its own, or the load's.",
    )
    server: Annotated[dict[str, Settings], Field(max_length=50)] = Field(
        default_factory=dict, description="Settings of the model, as `workers: 8`."
    )
    requests: Annotated[tuple[Request, ...], Field(min_length=1, max_length=50, strict=False)] = (
        Field(description="What is asked, each by its weight.")
    )

    @field_validator("rate", "find")
    @classmethod
    def _one_loop(cls, opening: Opening, info: ValidationInfo) -> Opening:
        """Asks only the fields above it, so that it is told together with what is wrong below."""
        if opening and info.data.get("rate"):
            what, remedy = "seeks the rate itself", "leave out `rate`"
        elif opening and info.data.get("think_s"):
            what = "makes an open loop, in which nobody thinks"
            remedy = f"leave out `think`, or `{info.field_name}`"
        else:
            return opening
        raise refused(what, remedy)

    @field_validator("block")
    @classmethod
    def _at_one_rate(cls, block: str, info: ValidationInfo) -> str:
        if block == "apart":
            return block
        if not info.data.get("rate"):
            what = "together needs a rate that all can take at once, and this scenario has none"
            remedy = "name a `rate`"
        elif info.data.get("arrivals") == "constant":
            what = "together needs arrivals that do not come to all servers at the same instants"
            remedy = "leave out `arrivals`"
        elif info.data.get("path") == "published":
            what = "together needs a network for each server, and `path: published` has one for all"
            remedy = "leave out `path`"
        else:
            return block
        raise refused(what, f"{remedy}, or leave out `block`")

    @field_validator("receive")
    @classmethod
    def _each_its_own(cls, receive: str | None, info: ValidationInfo) -> str | None:
        if receive == "guest" and info.data.get("block") == "together":
            what = "guest charges what one server receives to any that runs then, and here all do"
            raise refused(what, "write `receive: sender`")
        return receive

    @property
    def is_open(self) -> bool:
        """Whether requests come at a rate of their own."""
        return bool(self.rate) or self.find is not None

    @property
    def together(self) -> bool:
        """Whether the trials of a block run at the same time."""
        return self.block == "together"
