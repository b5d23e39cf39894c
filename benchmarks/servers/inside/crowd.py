"""A crowd of idle connections: each has been answered once and then stays, saying nothing.

    python -m benchmarks.servers.inside.crowd PORT NUMBER SIZE

prints `ready` when all stand, keeps them until its standard input ends, then prints how many stood
to the end. It sleeps in between: it must not take the CPU that the client measures with.
"""

from __future__ import annotations

import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.inside.measured import MeasureError
from benchmarks.servers.inside.places import FILE

REQUEST = f"GET /{FILE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


class CrowdError(MeasureError):
    """The crowd could not be made, or did not stay."""


@contextmanager
def standing(port: int, number: int, cpu: int, size: int) -> Iterator[None]:
    """`number` idle connections, answered with `size` bytes of body each. Raises CrowdError."""
    if not number:
        yield
        return
    words = [sys.executable, "-m", __name__, f"{port}", f"{number}", f"{size}"]
    with subprocess.Popen(  # noqa: S603
        ["taskset", "-c", str(cpu), *words],  # noqa: S607
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as crowd:
        assert crowd.stdin is not None
        assert crowd.stdout is not None
        try:
            if crowd.stdout.readline().strip() != "ready":
                raise CrowdError(f"{number:,} idle connections could not be made")
            yield
            crowd.stdin.close()
            stayed = crowd.stdout.readline().strip()
            if stayed != str(number):
                raise CrowdError(f"of {number:,} idle connections {stayed or 'none'} stayed")
        finally:
            crowd.kill()


def main(port: int, number: int, size: int) -> None:
    """Stand until standard input ends."""
    crowd = []
    for _ in range(number):
        peer = socket.create_connection(("127.0.0.1", port), timeout=10)
        peer.sendall(REQUEST)
        _read_answer(peer, size)
        crowd.append(peer)
    print("ready", flush=True)
    sys.stdin.read()
    poller = select.poll()
    for peer in crowd:
        poller.register(peer, select.POLLIN)
    print(len(crowd) - len(poller.poll(0)), flush=True)  # readable would mean: closed


def _read_answer(peer: socket.socket, size: int) -> None:
    got = b""
    while len(got.partition(b"\r\n\r\n")[2]) < size:
        part = peer.recv(4096)
        if not part:
            raise ConnectionError("closed in mid-answer")
        got += part


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
