"""One user: asks, takes the answer, and is free for what comes next. The hot path of the load.

A keep-alive request costs one recv, one send, two looks at the clock and no switch of greenlets:

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

from typing import Protocol

from loadgen.engine.clock import clock
from loadgen.engine.failure import EndedError, LateError, classify, never_connected
from loadgen.engine.link import (
    ANSWERING,
    ASKED,
    CHUNK_BYTES,
    CONNECTING,
    IDLE,
    LEAVING,
    Address,
    Link,
)
from loadgen.engine.mix import NOTHING, UNKNOWN, Ask, Mix
from loadgen.engine.response import ResponseError, ResponseParser
from loadgen.engine.tally import Tally


class Loop(Protocol):
    """Says what a connection does next."""

    watches: bool  # whether it is told of good answers

    def answered(self, connection: Connection, now_s: float) -> None:
        """A good answer is whole."""

    def free(self, connection: Connection, now_s: float, broken: bool = False) -> None:
        """It has nothing to do; `broken`: because it failed, and asking at once would fail too."""


class Connection(Link):
    """At most one request in flight, on at most one TCP connection."""

    __slots__ = (
        "_answered", "_closes", "_free", "_parser", "_received", "answered", "ask", "due_s",
        "first_s", "mix",
    )  # fmt: skip

    def __init__(
        self, address: Address, tally: Tally, loop: Loop, mix: Mix, *, keep_alive: bool
    ) -> None:
        super().__init__(address, tally)
        self._closes = not keep_alive
        self._free = loop.free
        self._answered = loop.answered if loop.watches else None
        self._parser: ResponseParser | None = None  # made when an answer is not the usual one
        self._received = 0
        self.ask = NOTHING
        self.mix = mix  # what this user asks, where the loop leaves it to the user
        self.answered = 0  # good answers, in the whole life
        self.due_s = 0.0
        self.first_s = 0.0  # when the first byte came of an answer in pieces

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

    def _gone(self, now_s: float) -> None:
        self.close()
        self._free(self, now_s)

    def _fail(self, error: Exception, now_s: float) -> None:
        begun = self.state == ANSWERING and self._parser is not None and self._parser.begun
        failure = classify(error, begun=begun)
        words = str(getattr(error, "strerror", None) or error)
        if self._on_ramp is not None:
            self._tally.ramp_failed(failure, words)
            self._ramped(connected=False)
            return
        if self.state == CONNECTING and not never_connected(error):
            self._tally.connected += 1  # it was, and is no more
            self.state = ASKED
        self.close()
        self.state = IDLE
        self._tally.failed(self.ask, failure, words, self.due_s, now_s)
        self._free(self, now_s, not isinstance(error, LateError | ResponseError))
