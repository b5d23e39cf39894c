"""SIGTERM, and SIGINT unless it is ignored: stop accepting, finish what is in hand, leave.

The process that owns the listener shuts it: that wakes whoever waits in accept(), in any thread or
child (see `listener.accept`). A peer that has asked for nothing is hung up on by shutting the
reading side of its connection: bytes that arrived before are still read and answered, then the
worker that waits in recv() sees the end. When the grace is over, SIGALRM raises GraceOver in the
main thread, out of whatever system call it waits in.
"""

from __future__ import annotations

import signal
import socket

from servers.runtime.listener import LOOK_S, accept_queue_length

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class GraceOver(BaseException):
    """What is still in hand is cut off. Not an Exception: no handler of errors may swallow it."""


class Drain:
    """Whether the server is draining, and the peers that would keep it waiting meanwhile."""

    __slots__ = ("_grace_s", "_idle", "_sigint_ignored", "_stop", "requested")

    def __init__(
        self,
        listener: socket.socket,
        settings: Settings,
        meter: Meter,
        signal_children: Callable[[], None] | None = None,
    ) -> None:
        """`signal_children` runs once the listener is shut."""

        def stop() -> None:
            meter.backlog_left = shut(listener)
            if signal_children is not None:
                signal_children()

        self.requested = False
        self._idle: set[socket.socket] = set()
        self._grace_s = settings.grace
        self._sigint_ignored = settings.sigint == "ignore"
        self._stop: Callable[[], None] | None = stop

    def install(self) -> None:
        """Take over SIGALRM and the signals that ask for the drain, also those that came before."""
        signal.signal(signal.SIGALRM, _grace_over)
        for number in STOP_SIGNALS:
            signal.signal(number, self._request)
        if self._sigint_ignored:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def in_child(self) -> None:
        """This process is a child now: the listener and its siblings are not its to stop."""
        self._stop = None

    def _request(self, _number: int, _frame: object) -> None:
        if self.requested:
            return
        self.requested = True
        signal.setitimer(
            signal.ITIMER_REAL, self._grace_s, LOOK_S
        )  # and again, should it be missed
        if self._stop is not None:
            self._stop()
        for client in tuple(self._idle):
            hang_up_when_read(client)

    def mark_idle(self, client: socket.socket) -> None:
        """This peer has asked for nothing: it may be hung up on.

        Enrol first and look second: a request for the drain that comes between is seen.
        """
        self._idle.add(client)
        if self.requested:
            hang_up_when_read(client)

    def mark_busy(self, client: socket.socket) -> None:
        """This peer has begun to ask, or is gone."""
        self._idle.discard(client)


def hang_up_when_read(client: socket.socket) -> None:
    """The next recv() gives what has arrived, then the end."""
    try:
        client.shutdown(socket.SHUT_RD)
    except OSError:
        pass  # gone already: ENOTCONN, EBADF


def shut(listener: socket.socket) -> int:
    """End the listening for all who share this listener; how many clients were left waiting."""
    left = accept_queue_length(listener)
    try:
        listener.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # shut already: ENOTCONN
    return left


def _grace_over(_number: int, _frame: object) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    raise GraceOver
