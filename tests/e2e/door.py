"""A door to the Docker daemon that a test can shut: a daemon gone, for whoever goes through it."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

DAEMON = "/var/run/docker.sock"


class Door:
    """A Unix socket whose connections are the daemon's."""

    def __init__(self, path: Path) -> None:
        self.address = f"unix://{path}"
        self._path = path
        self._open: list[socket.socket] = []
        self.open()

    def open(self) -> None:
        """Let through whoever comes."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self._path))
        listener.listen(128)
        self._open = [listener]
        threading.Thread(target=self._admit, args=[listener], daemon=True).start()

    def shut(self) -> None:
        """Break every connection; refuse whoever comes."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept() or recv()
            each.close()

    def _admit(self, listener: socket.socket) -> None:
        with suppress(OSError):  # shut
            while True:
                client, _ = listener.accept()
                daemon = socket.socket(socket.AF_UNIX)
                self._open += [client, daemon]
                daemon.connect(DAEMON)
                for ends in ((client, daemon), (daemon, client)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def door() -> Iterator[Door]:
    """One that stands open. Its path is short, as an address of a Unix socket must be."""
    with ExitStack() as left:
        made = Door(Path(left.enter_context(tempfile.TemporaryDirectory())) / "docker.sock")
        left.callback(made.shut)
        yield made
