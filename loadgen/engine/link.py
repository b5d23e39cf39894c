"""A TCP connection on gevent's own loop: opened, written to, ended. The lower half of a user.

Sockets are the C type without Python's layer (Locust's monkey-patching does not touch it), and a
watcher lives as long as its connection. Connecting begins at once and on loopback is mostly done
when the first bytes are sent; where it is not, writability tells. What an answer is, and what
becomes of a failure, is `Connection`'s to say.

Every connection that the kernel made is counted, however it ended: the server counts them too.
"""

from __future__ import annotations

import _socket
import os
from _socket import AF_INET, SO_ERROR, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET
from abc import abstractmethod
from collections.abc import Callable
from contextlib import suppress
from errno import EINPROGRESS
from typing import Any

import gevent

from loadgen.engine.clock import clock
from loadgen.engine.failure import LateError
from loadgen.engine.tally import Tally

Address = tuple[str, int]
READ, WRITE = 1, 2  # gevent's (libev's) events
CHUNK_BYTES = 65536
FIN_WAIT_S = 1.0  # how long a server may take to close after it said that it would

# ANSWERING: some of the answer is here; LEAVING: all of it, but not yet the server's FIN.
IDLE, CONNECTING, ASKED, ANSWERING, LEAVING = range(5)


class Link:
    """At most one TCP connection at a time."""

    __slots__ = (
        "_address", "_begun_s", "_on_ramp", "_opened_s", "_recv", "_send", "_socket", "_tally",
        "_unsent", "_watcher", "_writable", "sent_s", "state",
    )  # fmt: skip

    def __init__(self, address: Address, tally: Tally) -> None:
        self._address = address
        self._tally = tally
        self._socket: Any = None
        self._watcher: Any = None
        self._writable: Any = None
        self._on_ramp: Callable[[bool], None] | None = None
        self._unsent = b""
        self._begun_s = self._opened_s = 0.0
        self.sent_s = 0.0  # when it last began to connect, to ask or to wait for the FIN
        self.state = IDLE

    @abstractmethod
    def _read(self) -> None:
        """There is something to read."""

    @abstractmethod
    def _fail(self, error: Exception, now_s: float) -> None:
        """It does not connect, or broke."""

    @abstractmethod
    def _gone(self, now_s: float) -> None:
        """The answer was whole, and the connection is over."""

    def connect(self, on_ramp: Callable[[bool], None]) -> None:
        """The ramp of keep-alive: connects, and tells whether that succeeded."""
        self._on_ramp = on_ramp
        self.sent_s = clock()
        try:
            self._open()
        except OSError as error:
            self._fail(error, clock())
        else:
            self._await_writable(b"")

    def close(self) -> None:
        if self._socket is None:
            return
        if self.state == CONNECTING:
            with suppress(OSError):  # perhaps the kernel has connected, and we had not looked yet
                self._socket.getpeername()
                self._tally.connected += 1
        self.state = IDLE
        self._watcher.stop()
        self._watcher.close()
        self._stop_writing()
        self._socket.close()
        self._socket = None

    def expire(self, now_s: float) -> None:
        """It has waited long enough, for whatever it waits."""
        if self.state == LEAVING:
            self._gone(now_s)
        elif self.state != IDLE:
            self._fail(LateError("no answer in time"), now_s)

    def cut(self) -> bool:
        """Closes at once; whether a request was in flight and came to no end of its own."""
        in_flight = self.state in (CONNECTING, ASKED, ANSWERING) and self._on_ramp is None
        self.close()
        return in_flight

    def _open(self) -> None:
        """Begins to connect. On loopback the first send mostly finds it done already."""
        self._begun_s = clock()
        sock = self._socket = _socket.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)
        self._recv, self._send = sock.recv, sock.send
        self._watcher = gevent.get_hub().loop.io(sock.fileno(), READ)
        code = sock.connect_ex(self._address)
        if code not in (0, EINPROGRESS):
            raise OSError(code, os.strerror(code))
        self._opened_s = clock()
        self._watcher.start(self._read)
        self.state = CONNECTING

    def _connected(self, at_s: float) -> None:
        self.state = ASKED if self._on_ramp is None else IDLE
        self._tally.connection(at_s - self._begun_s)

    def _await_writable(self, rest: bytes) -> None:
        self._unsent = rest
        if self._writable is None:
            self._writable = gevent.get_hub().loop.io(self._socket.fileno(), WRITE)
            self._writable.start(self._write)

    def _stop_writing(self) -> None:
        if self._writable is not None:
            self._writable.stop()
            self._writable.close()
            self._writable = None

    def _write(self) -> None:
        now_s = clock()
        try:
            if self.state == CONNECTING:
                code = self._socket.getsockopt(SOL_SOCKET, SO_ERROR)
                if code:
                    raise OSError(code, os.strerror(code))
                self._connected(now_s)
            sent = self._send(self._unsent) if self._unsent else 0
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error, now_s)
            return
        self._unsent = self._unsent[sent:]
        if not self._unsent:
            self._stop_writing()
            if self._on_ramp is not None:
                self._ramped(connected=True)

    def _unread(self, error: OSError) -> None:
        """Nothing was there to read after all, or the connection is over."""
        if isinstance(error, BlockingIOError):
            return
        if self.state == IDLE:
            self.close()
        elif self.state == LEAVING:  # the answer was whole; how it ends is no matter of it
            self._gone(clock())
        else:
            self._fail(error, clock())

    def _await_fin(self, now_s: float) -> None:
        self.state = LEAVING
        self.sent_s = now_s  # the wait has its own deadline
        try:
            self._recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            pass
        self._gone(now_s)

    def _ramped(self, *, connected: bool) -> None:
        on_ramp, self._on_ramp = self._on_ramp, None
        if not connected:
            self.close()
        if on_ramp is not None:
            on_ramp(connected)
