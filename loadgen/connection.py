"""One user's connection, driven by callbacks on gevent's own loop: connect, ask, take the answer.

This is the hot path: a keep-alive request costs one recv, one send, two looks at the clock and no
switch of greenlets. Sockets are the C type without Python's layer (Locust's monkey-patching does
not touch it), a watcher lives as long as its connection.

    keep-alive   one connection, kept until it is closed or fails; the next is counted again
    close        a connection for each request; its time begins with connecting. Once the answer is
                 whole the server's FIN is awaited, so that the server, as in the articles, is the
                 side that closes

Parsing is pure, so its result is remembered: an answer that arrives in one piece with the very head
bytes of the last good one, and as long as that, is as good as that. Every other goes through the
parser. Nothing is ever asked again for a failure. What comes next - at once, after a rest, at a
rate - is the loop's to say (`closed_loop`, `open_loop`), which is told by `free`.
"""

from __future__ import annotations

import _socket
import os
from _socket import AF_INET, SO_ERROR, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET
from collections.abc import Callable
from contextlib import suppress
from errno import EINPROGRESS
from typing import Any, Protocol

import gevent

from loadgen.clock import clock
from loadgen.failure import EndedError, LateError, classify, never_connected
from loadgen.mix import NOTHING, UNKNOWN, Ask, Mix
from loadgen.response import ResponseError, ResponseParser
from loadgen.tally import Tally

Address = tuple[str, int]
READ, WRITE = 1, 2  # gevent's (libev's) events
CHUNK_BYTES = 65536
FIN_WAIT_S = 1.0  # how long a server may take to close after it said that it would

# ANSWERING: some of the answer is here; LEAVING: all of it, but not yet the server's FIN.
IDLE, CONNECTING, ASKED, ANSWERING, LEAVING = range(5)


class Loop(Protocol):
    """Says what a connection does next."""

    watches: bool  # whether it is told of good answers

    def answered(self, connection: Connection, now_s: float) -> None:
        """A good answer is whole."""

    def free(self, connection: Connection, now_s: float, broken: bool = False) -> None:
        """It has nothing to do; `broken`: because it failed, and asking at once would fail too."""


class Connection:
    """At most one TCP connection at a time, at most one request in flight on it."""

    __slots__ = (
        "_address",
        "_answered",
        "_begun_s",
        "_closes",
        "_free",
        "_on_ramp",
        "_opened_s",
        "_parser",
        "_received",
        "_recv",
        "_send",
        "_socket",
        "_tally",
        "_unsent",
        "_watcher",
        "_writable",
        "answered",
        "ask",
        "due_s",
        "first_s",
        "mix",
        "sent_s",
        "state",
    )

    def __init__(
        self, address: Address, tally: Tally, loop: Loop, mix: Mix, *, keep_alive: bool
    ) -> None:
        self._address = address
        self._closes = not keep_alive
        self._tally = tally
        self._free = loop.free
        self._answered = loop.answered if loop.watches else None
        self._socket: Any = None
        self._watcher: Any = None
        self._writable: Any = None
        self._parser: ResponseParser | None = None  # made when an answer is not the usual one
        self._on_ramp: Callable[[bool], None] | None = None
        self._unsent = b""
        self._received = 0
        self._begun_s = self._opened_s = 0.0
        self.ask = NOTHING
        self.mix = mix  # what this user asks, where the loop leaves it to the user
        self.answered = 0  # good answers, in the whole life
        self.due_s = self.sent_s = 0.0
        self.first_s = 0.0  # when the first byte came of an answer in pieces
        self.state = IDLE

    def begin(self, ask: Ask, due_s: float = 0.0) -> None:
        """Asks now what was due then, or is due now. Never raises: failures are the tally's."""
        self.ask = ask
        self.state = ASKED
        self.sent_s = now_s = clock()
        self.due_s = due_s or now_s
        try:
            if self._socket is None:
                self._open()
            sent = self._send(ask.wire)
        except BlockingIOError:  # not connected yet
            self._await_writable(ask.wire)
        except OSError as error:
            self._fail(error, clock())
        else:
            if self.state == CONNECTING:
                self._connected(self._opened_s)
            if sent != ask.size:
                self._await_writable(ask.wire[sent:])

    def connect(self, on_ramp: Callable[[bool], None]) -> None:
        """The ramp of keep-alive: connects, and tells whether that succeeded."""
        self._on_ramp = on_ramp
        self.sent_s = clock()
        try:
            self._open()
        except OSError:
            self._ramped(connected=False)
        else:
            self._await_writable(b"")

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

    # -- connecting and sending

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

    def _ramped(self, *, connected: bool) -> None:
        on_ramp, self._on_ramp = self._on_ramp, None
        if not connected:
            self.close()
        if on_ramp is not None:
            on_ramp(connected)

    # -- the answer

    def _read(self) -> None:
        try:
            data = self._recv(CHUNK_BYTES)
        except OSError as error:
            self._unread(error)
            return
        now_s = clock()
        ask = self.ask
        if self.state == ASKED and len(data) == ask.whole and data.startswith(ask.head):
            self._good(ask, now_s, len(data))
            if self._closes:
                self._await_fin(now_s)
            else:
                self.state = IDLE
                self._free(self, now_s)
        else:
            self._piece(data, now_s)

    def _good(self, ask: Ask, now_s: float, received: int) -> None:
        tally = self._tally
        if now_s >= tally.edge_s:
            tally.roll(now_s)
        us = int((now_s - self.due_s) * 1e6 + 0.5)
        times_us = ask.times_us
        times_us[us] = times_us.get(us, 0) + 1
        ask.bytes += received
        self.answered += 1
        if self._answered is not None:
            self._answered(self, now_s)

    def _piece(self, data: bytes, now_s: float) -> None:
        """Whatever is not the usual answer in one piece."""
        if self.state == LEAVING:
            self._gone(now_s)
            return
        if self.state == IDLE:  # the server hangs up, or says what nobody asked for
            self.close()
            return
        parser = self._parser
        if parser is None:
            parser = self._parser = ResponseParser()
        if self.state == ASKED:
            parser.reset()
            self.state = ANSWERING
            self.first_s = now_s
            self._received = 0
        self._received += len(data)
        try:
            whole = parser.receive_data(data) if data else parser.receive_end()
            if not data and not whole:
                raise EndedError("closed in mid-answer" if parser.begun else "closed unanswered")
        except (EndedError, ResponseError) as error:
            self._fail(error, now_s)
            return
        if whole:
            self._judge(parser, data, now_s)

    def _judge(self, parser: ResponseParser, data: bytes, now_s: float) -> None:
        ask = self.ask
        if parser.status != ask.status:
            what = f"status {parser.status} instead of {ask.status}"
            self._tally.failed(ask, "wrong_status", what, self.due_s, now_s)
        elif parser.body_bytes != ask.length != UNKNOWN:
            what = f"{parser.body_bytes} bytes instead of {ask.length}"
            self._tally.failed(ask, "wrong_body", what, self.due_s, now_s)
        else:
            if self._received > len(data):
                self._tally.in_pieces(self.due_s, self.sent_s, self.first_s, now_s)
            elif parser.keep_alive != self._closes:
                ask.remember(data, parser.body_bytes)
            self._good(ask, now_s, self._received)
        if not parser.keep_alive:
            self._await_fin(now_s)
        elif self._closes:
            self._gone(now_s)
        else:
            self.state = IDLE
            self._free(self, now_s)

    def _unread(self, error: OSError) -> None:
        if isinstance(error, BlockingIOError):
            return
        if self.state == IDLE:
            self.close()
        elif self.state == LEAVING:  # the answer was whole; how it ends is no matter of it
            self._gone(clock())
        else:
            self._fail(error, clock())

    # -- the end

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

    def _gone(self, now_s: float) -> None:
        self.close()
        self._free(self, now_s)

    def _fail(self, error: Exception, now_s: float) -> None:
        if self._on_ramp is not None:
            self._ramped(connected=False)
            return
        begun = self.state == ANSWERING and self._parser is not None and self._parser.begun
        failure = classify(error, begun=begun)
        if self.state == CONNECTING and not never_connected(error):
            self._tally.connected += 1  # it was, and is no more
            self.state = ASKED
        self.close()
        self.state = IDLE
        words = str(getattr(error, "strerror", None) or error)
        self._tally.failed(self.ask, failure, words, self.due_s, now_s)
        self._free(self, now_s, not isinstance(error, LateError | ResponseError))
