"""The lab's end of a survey: it listens where the servers and the master will be, for a moment.

What is said there: loadgen/formats/survey.py.
"""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from lab.errors import LabError
from loadgen.formats.survey import ECHO, STREAM

CHUNK = bytes(1 << 16)
SILENT_S = 10.0


@contextmanager
def listening(address: str, ports: Sequence[int]) -> Iterator[list[str]]:
    """Tells where, each as host:port. LabError where that is not to be had."""
    with ExitStack() as stack:
        for port in ports:
            listener = stack.enter_context(_listener(address, port))
            thread = threading.Thread(target=_accept, args=(listener,), daemon=True)
            thread.start()
            stack.callback(thread.join, SILENT_S)
            stack.callback(listener.shutdown, socket.SHUT_RDWR)  # wakes its accept()
        yield [f"{address}:{port}" for port in ports]


def _listener(address: str, port: int) -> socket.socket:
    try:
        return socket.create_server((address, port))
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise LabError(
                f"ADDRESS: {address} is no address of this host", "ip -4 address shows them"
            ) from error
        raise LabError(
            f"port {port} of {address} is taken: {error.strerror}",
            f"see who listens there: ss -ltnp 'sport = :{port}'",
        ) from error


def _accept(listener: socket.socket) -> None:
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(peer,), daemon=True).start()


def _serve(peer: socket.socket) -> None:
    with peer, suppress(OSError):
        peer.settimeout(SILENT_S)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wanted = peer.recv(1)
        while wanted == ECHO and (data := peer.recv(1024)):
            peer.sendall(data)
        while wanted == STREAM:
            peer.sendall(CHUNK)
