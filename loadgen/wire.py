"""A connection on gevent's loop: connect, send, receive, one wait each. All times monotonic.

Sockets are the C type without Python's layer around it (Locust's monkey-patching does not touch
it, and it saves 2 us a connection), watchers are gevent's own, reused as long as the connection
lives. A request's deadline costs nothing: `Deadlines` looks over all waiting wires now and then and
throws into those that are late, so a timeout comes up to a twentieth of itself late.
"""

from __future__ import annotations

import _socket
import errno
import os
import time
from _socket import AF_INET, IPPROTO_TCP, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET, TCP_NODELAY
from math import inf
from typing import Any

import gevent
from gevent import getcurrent

READ, WRITE = 1, 2  # gevent's (libev's) events
CHUNK_BYTES = 65536
NEVER_CONNECTED = frozenset(
    (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL)
)
Address = tuple[str, int]
clock = time.monotonic


class LateError(Exception):
    """Thrown into a wait whose deadline has passed."""


class CutError(Exception):
    """Thrown into a wait because load has ended."""


class Wire:
    """At most one TCP connection at a time, driven by one greenlet."""

    __slots__ = (
        "_address",
        "_greenlet",
        "_hub",
        "_read",
        "_socket",
        "confirmed",
        "deadline_s",
        "waiting",
    )

    def __init__(self, address: Address) -> None:
        self._address = address
        self._hub: Any = gevent.get_hub()
        self._greenlet: Any = None
        self._socket: _socket.socket | None = None
        self._read: Any = None
        self.confirmed = False  # whether TCP has really connected
        self.deadline_s = inf
        self.waiting = False

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def connect(self) -> None:
        """Begins to connect. On loopback the first `send` then mostly finds it done already."""
        self.confirmed = False
        sock = _socket.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)
        self._greenlet = getcurrent()
        self._socket = sock
        sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        code = sock.connect_ex(self._address)
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, os.strerror(code))
        self._read = self._hub.loop.io(sock.fileno(), READ)

    def confirm(self) -> None:
        """Waits until connected; OSError where that fails."""
        sock = self._socket
        assert sock is not None
        self._wait_writable(sock)
        code = sock.getsockopt(SOL_SOCKET, _socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
        self.confirmed = True

    def send(self, data: bytes) -> None:
        sock = self._socket
        assert sock is not None
        while True:
            try:
                sent = sock.send(data)
            except BlockingIOError:  # not connected yet, or the peer reads slowly
                self._wait_writable(sock)
            except OSError as error:
                if error.errno not in NEVER_CONNECTED and error.errno != errno.ETIMEDOUT:
                    self.confirmed = True  # it was, and is no more
                raise
            else:
                self.confirmed = True
                if sent == len(data):
                    return
                data = data[sent:]

    def receive(self) -> bytes:
        """Waits for something; b"" where the peer has closed."""
        sock = self._socket
        assert sock is not None
        while True:
            self._wait(self._read)
            try:
                return sock.recv(CHUNK_BYTES)
            except BlockingIOError:
                continue

    def receive_now(self) -> bytes | None:
        """Without waiting; None where there is nothing yet."""
        assert self._socket is not None
        try:
            return self._socket.recv(CHUNK_BYTES)
        except BlockingIOError:
            return None

    def close(self) -> None:
        if self._read is not None:
            self._read.close()
            self._read = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def throw(self, error: Exception) -> None:
        """From the loop, into the greenlet that waits here."""
        self._greenlet.throw(error)

    def _wait_writable(self, sock: _socket.socket) -> None:
        watcher = self._hub.loop.io(sock.fileno(), WRITE)
        try:
            self._wait(watcher)
        finally:
            watcher.close()

    def _wait(self, watcher: Any) -> None:
        watcher.start(self._greenlet.switch)
        self.waiting = True
        try:
            self._hub.switch()
        finally:
            self.waiting = False
            watcher.stop()
