"""The hostile clients, a function for each kind. Each goes on until `over` is set."""

from __future__ import annotations

import random
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from threading import Event
from typing import TypeVar

T = TypeVar("T")
Neighbour = Callable[[int, Event], None]

CROWD = 4  # connections that a neighbour of many holds at once
IDLE_CROWD = 20
GET = b"GET /615b.html HTTP/1.1\r\nHost: a\r\n\r\n"
BIG = b"GET /1mb.bin HTTP/1.1\r\nHost: a\r\n\r\n"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """A connection for the length of a block; what the server does with it is no fault here."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 2) as client:
        yield client


def slow_senders(port: int, over: Event) -> None:
    """A byte of a head now and then."""
    _each(port, over, b"GET / HTTP/1.1\r\nHost: a\r\nX: ", lambda client: client.send(b"x"))


def slow_readers(port: int, over: Event) -> None:
    """Four megabytes asked for, and a kilobyte taken now and then."""
    _each(port, over, BIG * 4, lambda client: client.recv(1024))


def idle_crowd(port: int, over: Event) -> None:
    """Many connections on which nothing is asked."""
    _each(port, over, b"", lambda client: client.recv(1), IDLE_CROWD)


def _each(
    port: int,
    over: Event,
    greeting: bytes,
    act: Callable[[socket.socket], int | bytes],
    size: int = CROWD,
) -> None:
    """Hold `size` connections, and act on one after the other; one that the server ended is new."""
    members: list[socket.socket | None] = [None] * size
    for turn in count():
        if over.wait(0.02):
            break
        member = members[turn % size]
        try:
            if member is None:
                member = socket.create_connection(("127.0.0.1", port), 2)
                members[turn % size] = member
                member.sendall(greeting)
                member.setblocking(False)
            elif not act(member):
                raise ConnectionResetError  # the server has closed it
        except BlockingIOError:
            pass
        except OSError:
            if member is not None:
                member.close()
            members[turn % size] = None
    for member in members:
        if member is not None:
            member.close()


def half_open(port: int, over: Event) -> None:
    """Requests whose sender closes its own side at once, whole ones and pieces."""
    for sent in _in_turn(over, 0.02, (GET, BIG, GET[:9], b"")):
        with connected(port) as client:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass


def resetting(port: int, over: Event) -> None:
    """Connections that end in a reset: before the request, in it, and in the answer."""
    for sent in _in_turn(over, 0.02, (b"", GET[:9], GET, BIG, GET * 50, BIG * 4)):
        with connected(port) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            client.sendall(sent)


def garbage(port: int, over: Event) -> None:
    """Bytes that are no HTTP."""
    dice = random.Random(1)
    for size in _in_turn(over, 0.02, (1, 20, 500, 20_000)):
        with connected(port) as client:
            client.sendall(dice.randbytes(size))
            client.recv(65536)


def flooding(port: int, over: Event) -> None:
    """Hundreds of requests in one go, some of them for what has to be waited for."""
    for path in _in_turn(over, 0.05, (b"/615b.html", b"/spin/0", b"/sleep/0", b"/nowhere")):
        with connected(port) as client:
            client.sendall(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % path * 300)
            client.shutdown(socket.SHUT_WR)
            while not over.is_set() and client.recv(65536):
                pass


def over_long(port: int, over: Event) -> None:
    """Heads, methods, chunk extensions and bodies beyond every bound."""
    long = (
        b"G" * 100_000,
        b"GET /" + b"a" * 100_000,
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000,
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 100_000,
        b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 100_000,
    )
    for wire in _in_turn(over, 0.03, long):
        with connected(port) as client:
            client.sendall(wire)
            client.recv(65536)


def _in_turn(over: Event, pause_s: float, things: tuple[T, ...]) -> Iterator[T]:
    for turn in count():
        if over.wait(pause_s):
            return
        yield things[turn % len(things)]


NEIGHBOURS: tuple[Neighbour, ...] = (
    slow_senders, slow_readers, idle_crowd, half_open, resetting, garbage, flooding, over_long,
)  # fmt: skip
