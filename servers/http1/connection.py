"""One connection's conversation: bytes in, requests out; responses in, bytes out.

A request that arrives whole and alone is read where it lies, by one match of the grammar and
without a copy; whatever comes in pieces or in company is put together in an Assembly. Bodies are
bounded, and delivered whole.
"""

from __future__ import annotations

from servers.http1.assembly import Assembly
from servers.http1.errors import ProtocolError
from servers.http1.grammar import match_head
from servers.http1.request import read_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.http1.limits import Limits
    from servers.http1.request import Request
    from servers.http1.response import FileRange, Response

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection:
    """Each request is to be answered before the next one is asked for.

    `close_after`: the connection ends once the bytes of the last answer are sent. `client_is_done`:
    the client said that its last request is its last, and nothing came behind it.
    """

    __slots__ = (
        "_answering", "_assembly", "_closing", "_limits", "_over", "client_is_done", "close_after",
    )  # fmt: skip

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._assembly: Assembly | None = None  # of what has arrived and is not answered
        self._answering: Request | None = None
        self._closing = False
        self._over = False  # RFC 9112, 9.6: whatever else arrives is not read
        self.close_after = False
        self.client_is_done = False

    def receive_data(self, data: bytes) -> Request | None:
        """The next request, once it is whole; ProtocolError where it never can be."""
        if self._over:
            return None
        assembly = self._assembly
        try:
            if assembly is not None:
                if data:
                    assembly.add(data)
                return self._take(assembly)
            match = match_head(data)
            if match is None or (end := match.end()) > self._limits.plain_head:
                self._assembly = Assembly(self._limits, data)
                return self._take(self._assembly)
            request = read_request(match, self._limits.fields)
            fields = request.fields
            if (
                end != len(data)
                or request.method != b"GET"
                or b"content-length" in fields
                or b"transfer-encoding" in fields
                or b"expect" in fields
            ):
                self._assembly = Assembly(self._limits, data[end:])
                self._assembly.begin_body(request)
                return self._take(self._assembly)
        except ProtocolError:
            self._over = True
            if self._assembly is None:
                self._assembly = Assembly(self._limits, data)
            raise
        return self._deliver(request)

    def _deliver(self, request: Request) -> Request:
        self._answering = request
        if not request.keep_alive:
            self._over = True
            self.client_is_done = self._assembly is None
        return request

    def next_request(self) -> Request | None:
        """The next request out of what has arrived already."""
        return None if self._assembly is None else self.receive_data(b"")

    def _take(self, assembly: Assembly) -> Request | None:
        request = assembly.take()
        if assembly.is_empty:
            self._assembly = None
        return None if request is None else self._deliver(request)

    @property
    def holds_bytes(self) -> bool:
        """Whether bytes have arrived that belong to no request returned so far."""
        return self._assembly is not None

    @property
    def mid_message(self) -> bool:
        """Whether a request has begun to arrive and is not whole."""
        return self._assembly is not None and not self._over and self._assembly.mid_message

    @property
    def wants_continue(self) -> bool:
        """Whether the client waits for CONTINUE before it sends the body."""
        return self._assembly is not None and self._assembly.wants_continue and not self._over

    def continued(self) -> None:
        """CONTINUE was sent."""
        if self._assembly is not None:
            self._assembly.wants_continue = False

    def closing(self) -> None:
        """The next response is to be the connection's last."""
        self._closing = True

    def data_to_send(self, response: Response, date: bytes) -> tuple[bytes, FileRange | None]:
        """The bytes that answer the request returned last, and the file to send after them.

        With no request to answer (a ProtocolError's response, 408) it is the connection's last.
        """
        request = self._answering
        if request is None:
            to_head = self._assembly is not None and self._assembly.to_head
            ending = self._end_connection()
        else:
            self._answering = None
            to_head = request.method == b"HEAD"
            if self._closing or not request.keep_alive:
                ending = self._end_connection()
            elif request.version == 0:
                ending = b"Connection: keep-alive\r\n\r\n"  # RFC 9112, 9.3
            else:
                ending = b"\r\n"
        if to_head:  # RFC 9110, 9.3.2
            return response.head + date + ending, None
        return b"".join((response.head, date, ending, response.content)), response.file

    def _end_connection(self) -> bytes:
        self._over = self.close_after = True
        return b"Connection: close\r\n\r\n"  # RFC 9112, 9.6
