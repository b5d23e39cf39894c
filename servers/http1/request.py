"""A request as the application sees it, read out of a head that the grammar has passed."""

from __future__ import annotations

from servers.http1.errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


class Request:
    """`target` is raw; `path` and `query` are its halves, not percent-decoded.

    Names in `fields` are in lower case, repeated fields joined by ", " in their order (RFC 9110,
    5.3). `version` is the minor one: 0 or 1. `keep_alive` is what the client asks for.
    """

    __slots__ = ("body", "fields", "keep_alive", "method", "path", "query", "target", "version")

    def __init__(  # noqa: PLR0917 - keywords would cost every request a tenth of its parsing
        self,
        method: bytes,
        target: bytes,
        path: bytes,
        query: bytes,
        version: int,
        fields: dict[bytes, bytes],
        keep_alive: bool,
    ) -> None:
        self.method = method
        self.target = target
        self.path = path
        self.query = query
        self.version = version
        self.fields = fields
        self.keep_alive = keep_alive
        self.body = b""


def read_request(match: re.Match[bytes], most_fields: int) -> Request:
    """The request of a matched HEAD, its body still to come; ProtocolError for what it may not say.

    Names and values are cut at the first colon and stripped: the grammar has ruled out whatever
    could make that wrong.
    """
    method, target, minor, block = match.groups()
    lines = block.split(b"\r\n")
    lines.pop()
    if len(lines) > most_fields:
        raise ProtocolError(431, "too many header fields")
    fields = {}
    for line in lines:
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip()
    if len(fields) != len(lines):
        fields = _joined(lines)
    version = 0 if minor == b"0" else 1
    if version and b"host" not in fields:
        raise ProtocolError(400, "HTTP/1.1 asks for a Host field")  # RFC 9112, 3.2
    if b"connection" in fields:
        keep_alive = _persists(fields[b"connection"], version)
    else:
        keep_alive = version == 1  # RFC 9112, 9.3
    if target[0] == 0x2F:
        path, _, query = target.partition(b"?")
    else:
        path, query = _far_target(target, fields)
    return Request(method, target, path, query, version, fields, keep_alive)


def _joined(lines: list[bytes]) -> dict[bytes, bytes]:
    fields: dict[bytes, bytes] = {}
    for line in lines:
        name, _, value = line.partition(b":")
        name, value = name.lower(), value.strip()
        if name not in fields:
            fields[name] = value
        elif name == b"host":
            raise ProtocolError(400, "more than one Host field")  # RFC 9112, 3.2
        elif name == b"content-length":
            raise ProtocolError(400, "more than one Content-Length field")  # RFC 9112, 6.3 (5)
        else:
            fields[name] += b", " + value
    return fields


def _persists(connection: bytes, version: int) -> bool:
    """RFC 9112, 9.3: `close` wins; HTTP/1.0 stays only where `keep-alive` asks for it."""
    options = {option.strip() for option in connection.lower().split(b",")}
    return b"close" not in options and (version == 1 or b"keep-alive" in options)


def _far_target(target: bytes, fields: dict[bytes, bytes]) -> tuple[bytes, bytes]:
    """Path and query of a target in absolute-form or asterisk-form."""
    if target == b"*":
        return target, b""
    authority_on = target[len(b"http://") :]
    before_query, _, query = authority_on.partition(b"?")
    authority, slash, path = before_query.partition(b"/")
    fields[b"host"] = authority  # RFC 9112, 3.2.2: what Host said is ignored
    return (slash + path) or b"/", query  # RFC 9110, 4.2.3: an empty path is "/"
