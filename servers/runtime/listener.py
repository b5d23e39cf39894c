"""The listening socket: how it is made, and how clients are taken from it.

socket(2) -> setsockopt(2) SO_REUSEADDR -> bind(2) -> listen(2), then accept(2) again and again. A
server must outlive everything that accept() may report of one client or of a full table; only the
draining of the server itself ends the taking.
"""

from __future__ import annotations

import errno
import socket
import struct
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    from servers.runtime.settings import Settings

    class Accepting(Protocol):
        """A listener, or what waits in front of one (accept_wait.py)."""

        def accept(self) -> tuple[socket.socket, Any]: ...


# accept(2), "Error handling": an error already pending on the new connection is reported by
# accept() itself, and should be treated like EAGAIN, by retrying.
OF_ONE_CLIENT = frozenset(
    (
        errno.ECONNABORTED,
        errno.EPERM,
        errno.EPROTO,
        errno.ENETDOWN,
        errno.ENOPROTOOPT,
        errno.EHOSTDOWN,
        errno.ENONET,
        errno.EHOSTUNREACH,
        errno.EOPNOTSUPP,
        errno.ENETUNREACH,
        errno.ETIMEDOUT,
    )
)
# The process or the host has no room for one more: it passes when a connection ends.
NO_ROOM = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))
NO_ROOM_PAUSE_S = 0.05
# A signal may come just before a system call blocks, and Python runs its handler only after that
# call. So no call blocks for longer than this.
LOOK_S = 1.0


def open_listener(settings: Settings, port: int | None = None) -> socket.socket:
    """A listening socket as the settings ask, or on another port.

    Raises OSError where bind() or listen() refuses.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Without it bind() fails with EADDRINUSE while connections of a former server, closed by
        # it first, sit in TIME_WAIT: the quick restart that every server wants.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, settings.reuseaddr)
        # With it several listeners have the port, each with an accept queue of its own.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, settings.reuseport)
        # Accepted sockets inherit all three from the listener (Linux clones the socket); a worker
        # sets the receive timeout anew. Nagle's algorithm would hold a last short segment back
        # until the peer's delayed ACK.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval(settings.idle_timeout))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval(LOOK_S))  # of accept()
        listener.bind((settings.bind, settings.port if port is None else port))
        listener.listen(settings.backlog)
    except OSError:
        listener.close()
        raise
    return listener


def listeners_of(settings: Settings, first: socket.socket) -> list[socket.socket]:
    """The first, and with SO_REUSEPORT one more on its port for each further worker.

    Ends the server where the system refuses one.
    """
    if not settings.reuseport:
        return [first]
    port = first.getsockname()[1]
    try:
        return [first, *(open_listener(settings, port) for _ in range(1, settings.workers))]
    except OSError as error:  # EMFILE
        raise SystemExit(
            f"servers: cannot open a listener for each of {settings.workers} workers: "
            f"{error.strerror}; ask for fewer with --workers, or give --reuseport=off"
        ) from error


def always() -> bool:
    """Of a server that goes on until it drains."""
    return True


def accept(listener: Accepting, wanted: Callable[[], bool] = always) -> socket.socket | None:
    """The next client; None once the listener was shut to drain, or `wanted()` is false.

    shutdown(2) on a listening socket makes every accept() that waits on it, in any process or
    thread, return EINVAL (Linux).
    """
    while True:
        try:
            return listener.accept()[0]
        except BlockingIOError:  # nobody came within LOOK_S, or another worker was faster
            if not wanted():
                return None
        except OSError as error:
            if error.errno == errno.EINVAL:
                return None
            if error.errno in NO_ROOM:
                time.sleep(NO_ROOM_PAUSE_S)
            elif error.errno not in OF_ONE_CLIENT:
                raise


def accept_queue_length(listener: socket.socket) -> int:
    """How many connections wait to be accepted: tcpi_unacked of a listener (tcp(7), TCP_INFO)."""
    info = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    return int(struct.unpack_from("I", info, 24)[0])


def set_receive_timeout(client: socket.socket, seconds: float) -> None:
    """Let recv() fail with EAGAIN after this long. Cheaper than a poll() before each recv()."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval(seconds))


def timeval(seconds: float) -> bytes:
    """A `struct timeval`, as SO_RCVTIMEO and SO_SNDTIMEO take it; zero would mean for ever."""
    return struct.pack("@ll", *divmod(max(1, round(seconds * 1_000_000)), 1_000_000))
