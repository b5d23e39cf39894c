"""A request as the application sees it, read out of a head that the grammar has passed."""

from __future__ import annotations

from servers.http1.errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


class Request:
    """`target` is raw; `path` and `query` are its halves, not percent-decoded.

    Names in `fields` are in lower case; repeated fields are joined by ", " in their order (RFC
    9110, 5.3). `version` is the minor one, 0 or 1. `keep_alive` is what the client asks for.
    """

    # No __init__: read_request alone makes requests, and a call more would cost each of them 5 %.
    __slots__ = ("body", "fields", "keep_alive", "method", "path", "query", "target", "version")

    method: bytes
    target: bytes
    path: bytes
    query: bytes
    version: int
    fields: dict[bytes, bytes]
    keep_alive: bool
    body: bytes


def read_request(match: re.Match[bytes], most_fields: int) -> Request:
    """The request of a matched HEAD, its body still to come; ProtocolError for what it may not say.

    Lines are cut apart at line ends and fields at their first colon: the grammar has ruled out
    whatever could make that wrong.
    """
    request = Request()
    request.method, request.target, minor, block = match.groups()
    lines = block.splitlines()
    if len(lines) > most_fields:
        raise ProtocolError(431, f"more than {most_fields} header fields")
    request.fields = fields = {}
    for line in lines:
        name, value = line.split(b":", 1)
        fields[name.lower()] = value.strip()
    if len(fields) != len(lines):
        _join_repeated(fields, lines)
    request.version = version = 0 if minor == b"0" else 1
    if version and b"host" not in fields:
        raise ProtocolError(400, "HTTP/1.1 asks for a Host field")  # RFC 9112, 3.2
    if b"connection" in fields:
        request.keep_alive = _persists(fields[b"connection"], version)
    else:
        request.keep_alive = version == 1  # RFC 9112, 9.3
    target = request.target
    if target[0] != 0x2F:
        _read_far_target(request)
    elif 0x3F in target:
        request.path, _, request.query = target.partition(b"?")
    else:
        request.path, request.query = target, b""
    request.body = b""
    return request


def _join_repeated(fields: dict[bytes, bytes], lines: list[bytes]) -> None:
    fields.clear()
    for line in lines:
        name, value = line.split(b":", 1)
        name, value = name.lower(), value.strip()
        if name not in fields:
            fields[name] = value
        elif name == b"host":
            raise ProtocolError(400, "more than one Host field")  # RFC 9112, 3.2
        else:
            fields[name] += b", " + value


def _persists(connection: bytes, version: int) -> bool:
    """RFC 9112, 9.3: `close` wins; HTTP/1.0 stays only where `keep-alive` asks for it."""
    options = [option.strip() for option in connection.lower().split(b",")]
    return b"close" not in options and (version == 1 or b"keep-alive" in options)


def _read_far_target(request: Request) -> None:
    """Absolute-form or asterisk-form."""
    if request.target == b"*":
        request.path, request.query = b"*", b""
        return
    hierarchy, _, request.query = request.target.partition(b"?")
    authority, slash, path = hierarchy[len(b"http://") :].partition(b"/")
    request.path = slash + path or b"/"  # RFC 9110, 4.2.3
    request.fields[b"host"] = authority  # RFC 9112, 3.2.2: whatever Host said is ignored
