"""A child ends while this process waits in accept(): what does accept() return?

    python -m experiments.programs.interrupted_accept

accept(2) is called through libc, on a plain listener, because Python's own repeats the call after a
signal (PEP 475). A client comes a while after the child has ended, so that an accept() that goes on
returns a connection.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

CHILD_ENDS_S = 0.1
CLIENT_COMES_S = 0.4


def accept_by_libc(listener: socket.socket) -> tuple[int, int]:
    """The descriptor, or -1, and errno."""
    libc = ctypes.CDLL(None, use_errno=True)
    ctypes.set_errno(0)
    descriptor = libc.accept(listener.fileno(), None, None)
    return descriptor, ctypes.get_errno() if descriptor < 0 else 0


def accept_by_python(listener: socket.socket) -> tuple[int, int]:
    client, _ = listener.accept()
    return client.detach(), 0


Accept = Callable[[socket.socket], tuple[int, int]]


def interrupted(accept: Accept, *, restart: bool, timeout: bool = False) -> dict[str, object]:
    """One accept() with one SIGCHLD in it."""
    heard: list[int] = []
    signal.signal(signal.SIGCHLD, lambda number, _: heard.append(number))
    signal.siginterrupt(signal.SIGCHLD, not restart)  # SA_RESTART, or not
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if timeout:  # SO_RCVTIMEO: ten seconds
            packed = (10).to_bytes(8, "little") + bytes(8)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, packed)
        address = listener.getsockname()
        child = os.fork()
        if child == 0:
            time.sleep(CHILD_ENDS_S)
            os._exit(0)
        client = threading.Timer(CLIENT_COMES_S, lambda: socket.create_connection(address).close())
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # the timer's thread inherits it
        client.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        began_s = time.monotonic()
        descriptor, failure = accept(listener)
        waited_s = time.monotonic() - began_s
        client.join()
        os.waitpid(child, 0)
        if descriptor >= 0:
            os.close(descriptor)
    return {
        "accepted": descriptor >= 0,
        "errno": errno.errorcode.get(failure, ""),
        "waited_s": round(waited_s, 3),
        "signals": len(heard),
    }


if __name__ == "__main__":
    print(
        json.dumps(
            {
                "restart": interrupted(accept_by_libc, restart=True),
                "plain": interrupted(accept_by_libc, restart=False),
                "python": interrupted(accept_by_python, restart=False),
                "timeout": interrupted(accept_by_libc, restart=True, timeout=True),
            }
        )
    )
