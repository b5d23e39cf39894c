"""A response, made ready once: its head is bytes from the moment it is constructed.

The length is framed by the status (RFC 9110, 8.6), names and values are held to the grammar so that
nothing a peer sent can add a line, and what depends on the moment and the peer (Date, Connection)
is left to Connection.data_to_send.
"""

import re

from servers.http1.grammar import FIELD_VALUE, TOKEN

# RFC 9110, 15; 431 is RFC 6585's. A status without a phrase keeps the space (RFC 9112, 4).
_PHRASES = {
    200: b"OK",
    201: b"Created",
    202: b"Accepted",
    204: b"No Content",
    206: b"Partial Content",
    301: b"Moved Permanently",
    302: b"Found",
    303: b"See Other",
    304: b"Not Modified",
    307: b"Temporary Redirect",
    308: b"Permanent Redirect",
    400: b"Bad Request",
    403: b"Forbidden",
    404: b"Not Found",
    405: b"Method Not Allowed",
    406: b"Not Acceptable",
    408: b"Request Timeout",
    411: b"Length Required",
    412: b"Precondition Failed",
    413: b"Content Too Large",
    414: b"URI Too Long",
    415: b"Unsupported Media Type",
    416: b"Range Not Satisfiable",
    417: b"Expectation Failed",
    421: b"Misdirected Request",
    422: b"Unprocessable Content",
    429: b"Too Many Requests",
    431: b"Request Header Fields Too Large",
    500: b"Internal Server Error",
    501: b"Not Implemented",
    503: b"Service Unavailable",
    505: b"HTTP Version Not Supported",
}
_OWN_FIELDS = frozenset((b"connection", b"content-length", b"date", b"transfer-encoding"))
_match_field = re.compile(rb"(" + TOKEN + rb"): " + FIELD_VALUE).fullmatch


class FileRange:
    """`count` bytes of the open file `fd` from `offset`: a body that need not enter the process.

    `pages`: these bytes, where whoever sends them has mapped the file.
    """

    __slots__ = ("count", "fd", "offset", "pages")

    def __init__(self, fd: int, offset: int, count: int) -> None:
        self.fd = fd
        self.offset = offset
        self.count = count
        self.pages: memoryview | None = None


class Response:
    """A final response; ValueError where the status, a field or the body may not be sent so."""

    __slots__ = ("content", "file", "head", "status")

    def __init__(
        self,
        status: int,
        fields: tuple[tuple[bytes, bytes], ...] | list[tuple[bytes, bytes]] = (),
        body: bytes | FileRange = b"",
    ) -> None:
        if not 200 <= status <= 599:
            raise ValueError(f"{status} is not the status of a final response")
        if isinstance(body, FileRange):
            length, self.content, self.file = body.count, b"", body if body.count else None
        else:
            length, self.content, self.file = len(body), body, None
        if length and status in (204, 205, 304):
            raise ValueError(f"a {status} response has no content")
        lines = [b"HTTP/1.1 %d %b" % (status, _PHRASES.get(status, b""))]
        # RFC 9110, 8.6: never with 204; with 304 only the length that a 200 would have had, which
        # is not known here.
        if status not in (204, 304):
            lines.append(b"Content-Length: %d" % length)
        for name, value in fields:
            line = b"%b: %b" % (name, value)
            match = _match_field(line)
            if match is None or match.end(1) != len(name):
                raise ValueError(f"not a field that may be sent: {line!r}")
            if name.lower() in _OWN_FIELDS:
                raise ValueError(f"{name.decode()} is the engine's own to say")
            lines.append(line)
        lines.append(b"")
        self.status = status
        self.head = b"\r\n".join(lines)
