"""The end of a refused conversation: say that we are done, then read what still comes, for a while.

Closing a socket with bytes unread resets the connection, and the reset overtakes the answer: the
peer would never see why it was refused (RFC 9112, 9.6). Time and bytes are bounded, or a peer that
never stops would keep the server reading.
"""

from __future__ import annotations

import select
import socket
from time import monotonic

from servers.runtime.listener import set_receive_timeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.runtime.reactor import Reactor

LINGER_S = 1.0
LINGER_BYTES = 1 << 20
RECEIVE_BYTES = 16384


def linger(client: socket.socket) -> None:
    """The end of a blocking conversation. Raises OSError where the peer is gone or silent."""
    client.shutdown(socket.SHUT_WR)
    set_receive_timeout(client, LINGER_S)
    deadline_s = monotonic() + LINGER_S
    left = LINGER_BYTES
    while left > 0 and monotonic() < deadline_s:
        data = client.recv(RECEIVE_BYTES)
        if not data:
            return
        left -= len(data)


class Linger:
    """The same in an event loop: takes the place of the exchange that refused."""

    __slots__ = ("_left", "_reactor", "client", "deadline_s")
    idle = False

    def __init__(self, reactor: Reactor, client: socket.socket) -> None:
        self._reactor, self.client = reactor, client
        self._left = LINGER_BYTES
        self.deadline_s = reactor.now_s + LINGER_S
        reactor.conversations[client.fileno()] = self
        try:
            client.shutdown(socket.SHUT_WR)
        except OSError:
            self.expire()
        else:
            reactor.watch(client.fileno(), select.POLLIN, self._discard)

    def _discard(self, _events: int) -> None:
        try:
            data = self.client.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._left -= len(data)
        if not data or self._left <= 0:
            self.expire()

    def expire(self) -> None:
        """Time, bytes or peer have ended."""
        self._reactor.close(self.client)
