"""One lab at a time on a host: two would measure each other.

The lock is a name in the kernel's abstract socket space. It is the host's, not a user's or a
clone's, needs no file and no rights, and goes with its process however that ends.
"""

from __future__ import annotations

import errno
import pwd
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from lab.errors import LabError
from lab.host import machine

NAME = "serverlab"
LONGEST_COMMAND = 200  # that is shown of another's


@contextmanager
def only_lab(name: str = NAME) -> Iterator[None]:
    """LabError, with the other one's process, owner and command, where another lab runs."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as lock:
        try:
            lock.bind(f"\0{name}")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            other = running(name) or "just starting or ending"
            raise LabError(
                f"another lab is running on this host ({other}): two would measure each other",
                "wait until it is done; end it, by Ctrl-C or kill, only if it is yours",
            ) from error
        lock.listen()
        yield


def running(name: str = NAME) -> str | None:
    """The process that holds the lock, as the kernel knows it; None where no lab runs."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.setblocking(False)
        try:
            asking.connect(f"\0{name}")
        except ConnectionRefusedError:
            return None
        except BlockingIOError:  # who asked before still waits to be accepted, which nobody does
            return "a process that was asked too often"
        credentials = asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    pid, uid, _ = struct.unpack("3i", credentials)
    process = f"process {pid} of {_owner(uid)}"
    command = machine.read(f"proc/{pid}/cmdline")
    return f"{process}: {spoken(command)}" if command else process


def spoken(command: str) -> str:
    """A command line of /proc for a person: without options that were given nothing.

    It may be anybody's, so nothing reaches the terminal that could steer it.
    """
    words = command.removesuffix("\0").split("\0")
    said = [
        word
        for word, value in zip(words, [*words[1:], "none"], strict=True)
        if word and (value or not word.startswith("--"))
    ]
    return re.sub(r"[^ -~]", "?", " ".join(said))[:LONGEST_COMMAND]


def _owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
