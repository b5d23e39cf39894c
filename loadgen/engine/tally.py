"""What one worker counts while load runs: cheap at the moment it happens, exact at the end.

Time is cut into steps: the warm-up, the seconds of the window, the drain. Each answer is one
increment in the dict of its step (`Ask.times_us`: whole microseconds -> how often, nothing lost);
the first answer past an edge turns the step. So a second's answers are those finished in it, to the
microsecond, and no answer pays for more than a comparison.

Closed loop: what is finished within [opens_at_s, closes_at_s) belongs to the window. Open loop: the
same for the throughput, but times and ends are those of the arrivals that were *due* in the window,
whenever they end, or a server that falls behind would look better the later its answers came.
Everything is also counted over the whole life, to be held against the server's own account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, inf

from loadgen.engine.counters import Arrivals, Step, Times, count, total
from loadgen.engine.failure import GENERATOR
from loadgen.engine.mix import Ask
from loadgen.formats.figures import FAILURES

MOST_STEPS = 300  # beyond five minutes a step of the series is longer than a second


class Tally:
    """Instants are CLOCK_MONOTONIC seconds."""

    def __init__(self, asks: Sequence[Ask], *, is_open: bool, keep_alive: bool) -> None:
        self.opens_at_s = self.closes_at_s = inf
        self.edge_s = inf
        self.step_s = 1.0
        self.steps: list[Step] = []  # warm-up, the window's, and at the end the drain
        self.connected = 0
        self.failed_life = 0
        self.generator_life = 0  # failures on this side, those of the ramp among them
        self.aborted = 0
        self.arrivals = Arrivals(times_us=[{} for _ in asks]) if is_open else None
        self.connect_us: Times = {}
        self.first_us: Times = {}  # answers in pieces: until their first byte, and ...
        self.pieces_us: Times = {}  # ... until their last
        self.failed_us: Times = {}
        self.failures = [dict.fromkeys(FAILURES, 0) for _ in asks]
        self.examples: dict[str, str] = {}
        self.is_open = is_open
        self.watched = False  # by people: failures count at any time, and `take` hands all out
        self._asks = asks
        self._keep_alive = keep_alive
        self._failed = 0  # in this step
        self._good = 0  # in the steps before it
        self._made = self.connect_us  # of connections, where they count now
        self._turned: Callable[[int], None] = lambda _: None
        self._in_flight: Callable[[], int] = lambda: 0

    def plan(
        self,
        opens_at_s: float,
        closes_at_s: float,
        turned: Callable[[int], None],
        in_flight: Callable[[], int],
    ) -> None:
        """The window to come. `turned` is told each step's number as it begins: 0 opens the
        window, `window_steps` is the drain."""
        self.opens_at_s, self.closes_at_s = opens_at_s, closes_at_s
        self.step_s = max(1.0, (closes_at_s - opens_at_s) / MOST_STEPS)
        self.edge_s = opens_at_s
        self._turned, self._in_flight = turned, in_flight

    @property
    def window_steps(self) -> int:
        return max(1, ceil(round((self.closes_at_s - self.opens_at_s) / self.step_s, 6)))

    @property
    def window(self) -> list[Step]:
        """The steps of the window, once it has closed."""
        return self.steps[1 : self.window_steps + 1]

    @property
    def window_times_us(self) -> list[Times]:
        """Response times of each kind, finished in the window; open loop: due in it."""
        if self.arrivals is not None:
            return self.arrivals.times_us
        kinds = range(len(self._asks))
        return [total(step.times_us[kind] for step in self.window) for kind in kinds]

    @property
    def good_life(self) -> int:
        return self._good + sum(sum(ask.times_us.values()) for ask in self._asks)

    def roll(self, now_s: float) -> None:
        """Turns every step whose end has come."""
        while now_s >= self.edge_s:
            self._turn()

    def finish(self) -> None:
        """The drain is over: its step is the last."""
        self.roll(self.closes_at_s)
        self._end_step()

    def connection(self, took_s: float) -> None:
        self.connected += 1
        count(self._made, took_s)

    def failed(self, ask: Ask, failure: str, what: str, due_s: float, now_s: float) -> None:
        self.roll(now_s)
        self.failed_life += 1
        self._failed += 1
        self.generator_life += failure == GENERATOR
        self.examples.setdefault(failure, f"{ask.name}: {what}")
        if self.watched or self._counts(due_s, now_s):
            self.failures[ask.index][failure] += 1
            count(self.failed_us, now_s - due_s)

    def ramp_failed(self, failure: str, what: str) -> None:
        """A connection of the ramp was not made: the server's doing, unless the cause is here."""
        if failure == GENERATOR:
            self.generator_life += 1
            self.examples.setdefault(failure, f"connecting: {what}")

    def take(self) -> tuple[list[Times], list[dict[str, int]]]:
        """Response times and failures of each kind since it was last called, where no window is."""
        times_us = [ask.times_us for ask in self._asks]
        failures, self.failures = self.failures, [dict.fromkeys(FAILURES, 0) for _ in self._asks]
        for ask in self._asks:
            ask.times_us = {}
        for times in (self.connect_us, self.failed_us):
            times.clear()
        return times_us, failures

    def in_pieces(self, due_s: float, sent_s: float, first_s: float, now_s: float) -> None:
        """An answer that did not come all at once: its first byte has a time of its own."""
        if self._counts(due_s, now_s):
            count(self.first_us, first_s - sent_s)
            count(self.pieces_us, now_s - sent_s)

    def arrival_answered(self, ask: Ask, due_s: float, sent_s: float, now_s: float) -> None:
        """Open loop: a good answer."""
        if self.arrivals is not None and self.opens_at_s <= due_s < self.closes_at_s:
            count(self.arrivals.times_us[ask.index], now_s - due_s)
            count(self.arrivals.service_us, now_s - sent_s)

    def cut(self, due_s: float) -> None:
        """In flight when the load's time was over."""
        self.aborted += 1
        if self.arrivals is not None:
            self.arrivals.cut += self._counts(due_s, due_s)

    def _counts(self, due_s: float, now_s: float) -> bool:
        moment_s = now_s if self.arrivals is None else due_s
        return self.opens_at_s <= moment_s < self.closes_at_s

    def _turn(self) -> None:
        self._end_step()
        number = len(self.steps) - 1
        if number == 0 and not self._keep_alive:
            self.connect_us.clear()  # those before the window
        if number == self.window_steps:
            self._made = {}
            self.edge_s = inf
        else:
            next_s = self.opens_at_s + (number + 1) * self.step_s
            self.edge_s = min(next_s, self.closes_at_s)
        self._turned(number)

    def _end_step(self) -> None:
        step = Step([ask.times_us for ask in self._asks], failed=self._failed)
        step.in_flight = self._in_flight()
        if self.arrivals is not None:
            step.send_lag_us, self.arrivals.send_lag_us = self.arrivals.send_lag_us, {}
        for ask in self._asks:
            step.bytes += ask.bytes
            ask.times_us, ask.bytes = {}, 0
        self._failed = 0
        self._good += step.good
        self.steps.append(step)
