"""An open loop: requests come due at a rate, whatever the server does (`arrivals`).

A free connection takes the next arrival. Where none is free it waits in line, for as long as it
takes; the line holds two seconds of the offered rate, and what comes when it is full is dropped and
counted. Response time counts from the instant a request was due, so the wait, and any delay of this
process, is in it: no coordinated omission (Gil Tene, "How NOT to measure latency").

Send lag is how late a request was sent although a connection was free: the generator's own fault.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import ceil, inf

from loadgen.engine.clock import clock
from loadgen.engine.closed_loop import REST_S
from loadgen.engine.connection import Connection
from loadgen.engine.counters import count
from loadgen.engine.mix import Ask, Mix
from loadgen.engine.rests import Rests
from loadgen.engine.tally import Tally
from loadgen.engine.timer import Timer

LINE_S = 2.0  # of the offered rate


class OpenLoop:
    """Plays `connection.Loop`."""

    watches = True

    def __init__(self, tally: Tally, mix: Mix) -> None:
        """`mix`: what this worker asks. Nothing comes due before `offer` says when."""
        assert tally.arrivals is not None
        self._tally = tally
        self._arrivals = tally.arrivals
        self._mix = mix
        self._instants: Iterator[float] = iter(())
        self._longest = 0
        self._line: deque[tuple[float, Ask]] = deque()
        self._idle: deque[Connection] = deque()
        self._rests = Rests(self.free)
        self._timer = Timer(self._due)
        self._began_s = self._next_s = inf
        self._connections = 0

    def offer(self, instants: Iterator[float], rate_rps: float) -> None:
        """This worker's part of the arrivals, from the start on; once it runs, from now on."""
        self._instants = instants
        self._longest = ceil(rate_rps * LINE_S)
        if self._began_s < inf:
            self._began_s = clock()
            self._advance()

    def start(
        self, connections: Sequence[Connection], began_s: float, closes_at_s: float
    ) -> Iterator[None]:
        """The stream counts from `began_s`; its instants beyond the window's end are never due."""
        self._idle.extend(connections)
        self._connections = len(connections)
        self._closes_at_s = closes_at_s
        self._began_s = began_s
        self._advance()
        yield

    def join(self, connection: Connection) -> None:
        """One more to take what comes due, after the start."""
        self._connections += 1
        self.free(connection, clock())

    def leave(self, connection: Connection) -> None:
        """It takes nothing any more."""
        self._connections -= 1
        self._rests.drop(connection)
        with suppress(ValueError):  # it was at work
            self._idle.remove(connection)

    def answered(self, connection: Connection, now_s: float) -> None:
        self._tally.arrival_answered(connection.ask, connection.due_s, connection.sent_s, now_s)

    def free(self, connection: Connection, now_s: float, broken: bool = False) -> None:
        if broken:
            self._rests.until(now_s + REST_S, connection)
        elif self._line:
            due_s, ask = self._line.popleft()
            connection.begin(ask, due_s)
        else:
            self._idle.append(connection)

    def in_flight(self) -> int:
        busy = self._connections - len(self._idle) - len(self._rests)
        return busy + len(self._line)

    def sample(self) -> None:
        """How much is in flight, now and then while the window is open."""
        self._arrivals.in_flight.append(self.in_flight())

    @property
    def waiting(self) -> bool:
        """For a connection; or for a loop that was held up until after the window to take them."""
        return bool(self._line) or self._next_s < inf

    def give_up(self) -> None:
        """The drain is over: those in line are cut."""
        self._arrivals.cut += sum(self._in_window(due_s) for due_s, _ in self._line)
        self._line.clear()

    def stop(self) -> None:
        self._timer.stop()
        self._rests.stop()

    def _due(self) -> None:
        now_s = clock()
        while self._next_s <= now_s:
            self._arrive(self._next_s)
            self._advance()

    def _advance(self) -> None:
        self._next_s = self._began_s + next(self._instants, inf)
        if self._next_s < self._closes_at_s:
            self._timer.at(self._next_s)
        else:
            self._next_s = inf

    def _arrive(self, due_s: float) -> None:
        ask = self._mix.next()
        arrivals = self._arrivals
        counts = self._in_window(due_s)
        arrivals.due += counts
        if self._idle:
            connection = self._idle.popleft()
            connection.begin(ask, due_s)
            if counts:
                count(arrivals.send_lag_us, connection.sent_s - due_s)
        elif len(self._line) < self._longest:
            self._line.append((due_s, ask))
            arrivals.queued += counts
        else:
            arrivals.dropped += counts

    def _in_window(self, due_s: float) -> bool:
        return self._tally.opens_at_s <= due_s < self._tally.closes_at_s
