"""All users of one worker: connected first, fired together, drained and counted at the end.

    ramp       each user connects, at most 128 at a time, so that nobody starves; who is not
               connected at the ramp's deadline is `unconnected` and takes no part
    fire       at one instant agreed between all workers (one kernel, one CLOCK_MONOTONIC)
    window     the tally knows its edges; the observer gathers evidence between them
    drain      from the window's end: users never answered are cut at once, for what is in flight
               there is the timeout, then it is cut as well

Knows gevent but no Locust: `locust_user` makes each Locust user live one of these lives.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from math import inf

import gevent
from gevent.event import Event
from gevent.lock import BoundedSemaphore

from loadgen.deadlines import Deadlines
from loadgen.evidence import Evidence, Observer
from loadgen.figures import LoadWorker
from loadgen.mix import Mix, asks
from loadgen.report import WorkerReport
from loadgen.scenario import Scenario
from loadgen.tally import Tally
from loadgen.visitor import Visitor
from loadgen.wire import Address, clock

RAMP_S = 10.0  # for anyone to connect, and ...
RAMP_PER_USER_S = 0.001
AT_ONCE = 128
LAST_CUT_S = 1.0  # for users to notice that they are cut


class Crew:
    def __init__(
        self, address: Address, host: str, scenario: Scenario, users: int, seed: str
    ) -> None:
        self.established = 0
        self.unconnected = 0
        self.tally = Tally(len(scenario.requests))
        self._address = address
        self._keep_alive = scenario.connection == "keep-alive"
        self._timeout_s = scenario.timeout_s
        self._ramp_s = RAMP_S + users * RAMP_PER_USER_S
        self._seed = seed
        self._asks = asks(scenario.requests, host, close=not self._keep_alive)
        self._deadlines = Deadlines(scenario.timeout_s)
        self._gate = BoundedSemaphore(AT_ONCE)
        self._fire = Event()
        self._visitors: list[Visitor] = []
        self._enlisted = 0
        self._busy = 0
        self._ramp_ends_at_s = inf

    def enlist(self) -> Visitor | None:
        """One more user, connected; None where that did not succeed in time."""
        if self._ramp_ends_at_s == inf:
            self._ramp_ends_at_s = clock() + self._ramp_s
        self._enlisted += 1
        visitor = Visitor(
            self._address,
            Mix(self._asks, f"{self._seed}:{self._enlisted}"),
            self.tally,
            self._deadlines,
            keep_alive=self._keep_alive,
            timeout_s=self._timeout_s,
        )
        if self._keep_alive:
            with self._gate:
                connected = visitor.connect(self._ramp_ends_at_s)
            if not connected:
                self.unconnected += 1
                return None
        self.established += 1
        self._visitors.append(visitor)
        return visitor

    def live(self, visitor: Visitor) -> None:
        """The user's whole life from the ramp on; returns when it is drained."""
        try:
            self._fire.wait()
            self._busy += 1
            try:
                visitor.run()
            finally:
                self._busy -= 1
        finally:
            visitor.wire.close()

    def perform(
        self, lengths: Sequence[int], fire_at_s: float, opens_at_s: float, closes_at_s: float
    ) -> Evidence:
        """Fires and waits for the drained end. `lengths`: the right body of each request.

        The garbage collector rests meanwhile, since the engine makes no cycles and a collection
        stops every user; what stands by now stands till the process ends, so it stays frozen.
        """
        for ask, length in zip(self._asks, lengths, strict=True):
            ask.length = length
        self.tally.opens_at_s = opens_at_s
        self.tally.closes_at_s = closes_at_s
        observer = Observer()
        gc.collect()
        gc.freeze()
        gc.disable()
        try:
            _sleep_until(fire_at_s)
            self._fire.set()
            _sleep_until(opens_at_s)
            observer.open()
            _sleep_until(closes_at_s)
            evidence = observer.close()
            self._deadlines.cut(lambda wire: wire.deadline_s == inf)  # those who never had a turn
            self._drain(closes_at_s + self._timeout_s)
        finally:
            gc.enable()
        self._deadlines.stop()
        return evidence

    def _drain(self, until_s: float) -> None:
        while self._busy and clock() < until_s:
            gevent.sleep(0.005)
        self._deadlines.cut(lambda _: True)
        until_s = clock() + LAST_CUT_S
        while self._busy and clock() < until_s:
            gevent.sleep(0.005)

    def report(self, name: str, evidence: Evidence) -> WorkerReport:
        return WorkerReport.of(
            self.tally,
            established=self.established,
            unconnected=self.unconnected,
            unserved=sum(not visitor.answered for visitor in self._visitors),
            worker=LoadWorker(
                name=name,
                users=self.established + self.unconnected,
                cpu_s=round(evidence.cpu_s, 6),
                cpu_share=round(evidence.cpu_s / max(evidence.wall_s, 1e-9), 4),
                run_delay_s=round(evidence.run_delay_s, 6),
                loop_lag_p99_us=evidence.lag_p99_us,
                loop_lag_max_us=evidence.lag_max_us,
            ),
        )


def _sleep_until(instant_s: float) -> None:
    gevent.sleep(max(0.0, instant_s - clock()))
