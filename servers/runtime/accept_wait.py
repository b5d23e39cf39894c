"""Where a worker of a pool waits for its next client: the setting `accept_wait`.

block            In accept(2). The kernel keeps those that wait there as exclusive waiters, and
                 wakes one of them for a client.
poll, epoll      For the listener to be readable. That is reported to all who wait for it, so one
                 client wakes every idle worker. One gets it; the others find nothing, or EAGAIN
                 from accept(): the thundering herd.
epoll-exclusive  The same with EPOLLEXCLUSIVE (epoll_ctl(2)): the kernel wakes one of them, or few.
"""

from __future__ import annotations

import select
from functools import partial

from servers.runtime.listener import LOOK_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from servers.runtime.listener import Accepting


class ReadyListener:
    """A listener whose accept() first waits until it is readable, for LOOK_S at most."""

    __slots__ = ("_accept", "_wait")

    def __init__(self, listener: socket.socket, how: str) -> None:
        listener.setblocking(False)  # another worker may take the client first
        self._accept = listener.accept
        self._wait: Callable[[], object]
        if how == "poll":
            poller = select.poll()
            poller.register(listener, select.POLLIN)
            self._wait = partial(poller.poll, LOOK_S * 1000)  # milliseconds
        else:
            exclusive = select.EPOLLEXCLUSIVE if how == "epoll-exclusive" else 0
            epoll = select.epoll()
            epoll.register(listener, select.EPOLLIN | exclusive)
            self._wait = partial(epoll.poll, LOOK_S, 1)

    def accept(self) -> tuple[socket.socket, object]:
        """As a socket's own. Raises BlockingIOError where there is no client after all."""
        self._wait()
        return self._accept()


def listener_for_worker(listener: socket.socket, how: str) -> Accepting:
    """The listener as one worker uses it; each has its own.

    Of those that wait in one and the same epoll instance, the kernel would wake one.
    """
    return listener if how == "block" else ReadyListener(listener, how)
