"""One user of the load: asks, waits for the whole answer, asks again (a closed loop).

This file, `wire` and `deadlines` are the engine: connecting, sending, receiving, timing. It knows
nothing of Locust and nothing of files; a faster engine replaces these three and keeps the rest.

    close        a connection for each request: the time of an answer begins with connecting, and
                 ends when it is whole; then the server's FIN is awaited, so that the server, as in
                 the articles, is the side that closes
    keep-alive   one connection, kept until it is closed or fails; the next is counted again

Nothing is ever asked again for a failure: the next request is simply the next. After a failure of
the connection a user rests for 10 ms, or a dead server would be asked 20,000 times a second.

A keep-alive user that was never answered has no deadline: a pool of n workers gives it no turn, by
design. It waits until load ends and is then `unserved`, its request `aborted`, not failed.
"""

from __future__ import annotations

from math import inf

import gevent

from loadgen.deadlines import Deadlines
from loadgen.failure import EndedError, classify
from loadgen.mix import UNKNOWN, Ask, Mix
from loadgen.response import ResponseError, ResponseParser
from loadgen.tally import Tally
from loadgen.wire import Address, CutError, LateError, Wire, clock

REST_S = 0.01
FIN_WAIT_S = 1.0  # how long a server may take to close after it said that it would


class Visitor:
    __slots__ = (
        "_deadlines",
        "_keep_alive",
        "_mix",
        "_parser",
        "_tally",
        "_timeout_s",
        "answered",
        "wire",
    )

    def __init__(
        self,
        address: Address,
        mix: Mix,
        tally: Tally,
        deadlines: Deadlines,
        *,
        keep_alive: bool,
        timeout_s: float,
    ) -> None:
        self.wire = Wire(address)
        self.answered = False
        self._mix = mix
        self._tally = tally
        self._deadlines = deadlines
        self._keep_alive = keep_alive
        self._timeout_s = timeout_s
        self._parser = ResponseParser()

    def connect(self, deadline_s: float) -> bool:
        """The ramp of keep-alive: whether the connection stands before the deadline."""
        wire = self.wire
        wire.deadline_s = deadline_s
        self._deadlines.watch(wire)
        try:
            wire.connect()
            wire.confirm()
        except (OSError, LateError, CutError):
            wire.close()
            return False
        finally:
            self._deadlines.forget(wire)
        self._tally.connected += 1
        return True

    def run(self) -> None:
        """Asks until the window has closed and what was in flight then is answered or cut."""
        self._deadlines.watch(self.wire)
        try:
            while clock() < self._tally.closes_at_s:
                if not self._visit(self._mix.next()):
                    gevent.sleep(REST_S)
        except CutError:
            self._tally.aborted += 1
        finally:
            self._deadlines.forget(self.wire)
            self.wire.close()

    def _visit(self, ask: Ask) -> bool:
        """One request and all that comes of it; False where the connection failed."""
        wire = self.wire
        tally = self._tally
        started_s = clock()
        patient = self._keep_alive and not self.answered
        wire.deadline_s = inf if patient else started_s + self._timeout_s
        was_open = wire.is_open
        try:
            try:
                if not was_open:
                    wire.connect()
                wire.send(ask.wire)
            finally:
                tally.connected += not was_open and wire.confirmed
            received = self._receive()
        except (OSError, LateError, EndedError, ResponseError) as error:
            ended_s = clock()
            wire.close()
            failure = classify(error, begun=self._parser.begun)
            words = f"{ask.name}: {getattr(error, 'strerror', None) or error}"
            tally.failed(ask.index, failure, words, started_s, ended_s)
            return isinstance(error, LateError | ResponseError)
        ended_s = clock()
        # Once load has ended, those who leave free their workers: an answer by then is no turn.
        self.answered |= ended_s < tally.closes_at_s
        parser = self._parser
        if parser.status != ask.status:
            words = f"{ask.name}: status {parser.status} instead of {ask.status}"
            tally.failed(ask.index, "wrong_status", words, started_s, ended_s)
        elif parser.body_bytes != ask.length != UNKNOWN:
            words = f"{ask.name}: {parser.body_bytes} bytes instead of {ask.length}"
            tally.failed(ask.index, "wrong_body", words, started_s, ended_s)
        else:
            tally.good(ask.index, started_s, ended_s, received)
        if not (self._keep_alive and parser.keep_alive):
            self._part(await_fin=not parser.keep_alive)
        return True

    def _receive(self) -> int:
        """Until the answer is whole; how many bytes it had."""
        wire = self.wire
        parser = self._parser
        parser.reset()
        received = 0
        while True:
            data = wire.receive()
            received += len(data)
            if not data:
                if parser.receive_end():
                    return received
                raise EndedError("closed in mid-answer" if parser.begun else "closed unanswered")
            if parser.receive_data(data):
                return received

    def _part(self, *, await_fin: bool) -> None:
        wire = self.wire
        try:
            if await_fin and wire.receive_now() is None:
                wire.deadline_s = clock() + FIN_WAIT_S
                wire.receive()
        except (OSError, LateError, CutError):
            pass  # the answer was whole; how the connection ends is no matter of it
        wire.close()
