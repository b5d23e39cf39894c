"""One lab at a time on a host: two would measure each other.

The lock is a name in the kernel's abstract socket space. It is the host's, not a user's or a
clone's, needs no file and no rights, and goes with its process however that ends.
"""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from lab.errors import LabError

NAME = "serverlab"


@contextmanager
def only_lab(name: str = NAME) -> Iterator[None]:
    """LabError, with the other one's process id, where another lab runs."""
    address = f"\0{name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as lock:
        try:
            lock.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise LabError(
                f"another lab is running on this host ({_holder(address)}):"
                " two would measure each other",
                "wait until it is done, or end it with Ctrl-C or kill",
            ) from error
        lock.listen()
        yield


def _holder(address: str) -> str:
    """The process that holds the lock, as the kernel knows it."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
            asking.connect(address)
            credentials = asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    except OSError:
        return "just starting or ending"
    pid, _, _ = struct.unpack("3i", credentials)
    return f"process {pid}"
