"""A request put together from pieces: what has arrived of it, and the reader of what comes next.

A head reader and then a body reader take what is theirs off the buffer's front; what they leave
belongs to the next request. A byte is searched once, however small the pieces: the work is
linear. Reading a head where it lies is faster: Connection does that whenever it can.
"""

from __future__ import annotations

from servers.http1.framing import body_of, expects_continue
from servers.http1.head import ArrivingHead

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.http1.chunked import ChunkedBody
    from servers.http1.framing import CountedBody
    from servers.http1.limits import Limits
    from servers.http1.request import Request


class Assembly:
    """`wants_continue`: the client holds the body back until it is told to go on."""

    __slots__ = ("_body", "_head", "_limits", "_request", "buffer", "wants_continue")

    def __init__(self, limits: Limits, data: bytes) -> None:
        self.buffer = bytearray(data)
        self.wants_continue = False
        self._limits = limits
        self._head = ArrivingHead(limits)
        self._request: Request | None = None  # its head is read, its body is not
        self._body: CountedBody | ChunkedBody | None = None

    def add(self, data: bytes) -> None:
        self.buffer += data
        self.wants_continue = False  # RFC 9110, 10.1.1: not once content has come

    def begin_body(self, request: Request) -> None:
        """The head of `request` is read; the buffer begins with its body."""
        self._request = request
        self._body = body_of(request, self._limits)
        expects = expects_continue(request)
        self.wants_continue = expects and self._body is not None and not self.buffer

    def take(self) -> Request | None:
        """The next request, once it is whole."""
        request = self._request
        if request is None:
            request = self._head.take(self.buffer)
            if request is None:
                return None
            self.begin_body(request)
        if self._body is not None:
            body = self._body.take(self.buffer)
            if body is None:
                return None
            request.body = body
        self._request = self._body = None
        return request

    @property
    def is_empty(self) -> bool:
        return self._request is None and not self.buffer

    @property
    def mid_message(self) -> bool:
        """Whether there is part of a request, and not just the empty line that may precede one."""
        return self._request is not None or not b"\r\n".startswith(self.buffer)

    @property
    def to_head(self) -> bool:
        """Whether the request that is not whole is a HEAD."""
        if self._request is not None:
            return self._request.method == b"HEAD"
        return self.buffer.lstrip(b"\r\n").startswith(b"HEAD ")
