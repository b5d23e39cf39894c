"""One connection's conversation: bytes in, requests out; responses in, bytes out.

A request that arrives whole, with nothing before it, is read where it lies by one match of the
grammar; whatever comes in pieces is kept and read from the buffer. Nothing is scanned twice, and
nothing is kept beyond the limits. It loses where a body should be streamed: it is delivered whole.
"""

from __future__ import annotations

from servers.http1.diagnosis import HeadWatch
from servers.http1.errors import ProtocolError
from servers.http1.framing import CountedBody, body_of, expects_continue
from servers.http1.grammar import match_head
from servers.http1.limits import Limits
from servers.http1.request import Request, read_request
from servers.http1.response import FileRange, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from servers.http1.chunked import ChunkedBody

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection:
    """`close_after`: the connection ends once the bytes of the last response are sent.

    `wants_continue`: the client waits for CONTINUE before it sends the body.
    """

    __slots__ = (
        "_answering",
        "_body",
        "_buffer",
        "_closing",
        "_incoming",
        "_limits",
        "_over",
        "_plain_bytes",
        "_watch",
        "close_after",
        "wants_continue",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._plain_bytes = min(limits.request_line, limits.head)  # no head so short is too long
        self._buffer = bytearray()
        self._watch: HeadWatch | None = None  # of a head that comes in pieces
        self._incoming: Request | None = None  # whose body is coming
        self._body: CountedBody | ChunkedBody | None = None
        self._answering: Request | None = None
        self._closing = False
        self._over = False
        self.close_after = False
        self.wants_continue = False

    def receive_data(self, data: bytes) -> Request | None:
        """The next request, as soon as it is whole; None while more is needed."""
        if self._over:
            return None
        if self._incoming is None and not self._buffer:
            match = match_head(data)
            if match is not None and match.end() <= self._plain_bytes:
                end = match.end()
                if end != len(data):
                    self._buffer += data[end:]
                return self._begin(match)
        elif data:
            self.wants_continue = False
        self._buffer += data
        return self.next_request()

    def next_request(self) -> Request | None:
        """The next request out of what is buffered already."""
        if self._over:
            return None
        if self._incoming is not None:
            return self._finish()
        buffer = self._buffer
        match = None
        try:
            if self._watch is None:
                match = match_head(buffer)
                if match is None or match.end() > self._plain_bytes:
                    self._watch = HeadWatch(self._limits)
            if self._watch is not None:
                if self._watch.end(buffer) is None:
                    return None
                match = match_head(buffer)
                self._watch = None
        except ProtocolError:
            self._end()
            raise
        assert match is not None  # a head is its lines, and each was judged
        head = bytes(buffer[: match.end()])
        del buffer[: match.end()]
        match = match_head(head)
        assert match is not None
        return self._begin(match)

    def _begin(self, match: re.Match[bytes]) -> Request | None:
        """Takes the request of a matched head; what follows the head is in the buffer."""
        try:
            request = read_request(match, self._limits.fields)
            fields = request.fields
            if (
                request.method != b"GET"
                or b"content-length" in fields
                or b"transfer-encoding" in fields
                or b"expect" in fields
            ):
                expects = expects_continue(request)
                self._body = body_of(request, self._limits)
                if self._body is not None:
                    self._incoming = request
                    self.wants_continue = expects and not self._buffer
                    return self._finish()
        except ProtocolError:
            self._end()
            raise
        self._answering = request
        if not request.keep_alive:
            self._end()
        return request

    def _finish(self) -> Request | None:
        request = self._incoming
        assert request is not None
        assert self._body is not None
        try:
            body = self._body.take(self._buffer)
        except ProtocolError:
            self._end()
            raise
        if body is None:
            return None
        request.body = body
        self._incoming = self._body = None
        self._answering = request
        if not request.keep_alive:
            self._end()
        return request

    def _end(self) -> None:
        """RFC 9112, 9.6: nothing that follows is read."""
        self._over = True
        self._buffer.clear()

    @property
    def mid_message(self) -> bool:
        """Whether part of a request is here, and the rest is not."""
        buffer = self._buffer
        return self._incoming is not None or not b"\r\n".startswith(buffer)

    def continued(self) -> None:
        """CONTINUE was sent."""
        self.wants_continue = False

    def closing(self) -> None:
        """The next response shall be the connection's last."""
        self._closing = True

    def data_to_send(self, response: Response, date: bytes) -> tuple[bytes, FileRange | None]:
        """The bytes that answer the request returned last, and the file to send after them.

        Where no request awaits an answer (a ProtocolError's, 408) this is the last response.
        """
        request = self._answering
        if request is None or self._closing or not request.keep_alive:
            self.close_after = True
            self._end()
            ending = b"Connection: close\r\n\r\n"
        elif request.version == 0:  # RFC 9112, 9.3 and C.2.2
            ending = b"Connection: keep-alive\r\n\r\n"
        else:
            ending = b"\r\n"
        if request is not None and request.method == b"HEAD":  # RFC 9110, 9.3.2
            return b"".join((response.head, date, ending)), None
        self._answering = None
        return b"".join((response.head, date, ending, response.content)), response.file
