"""All users of one worker: connected first, fired together, drained and counted at the end.

    ramp       each user connects, at most 128 at a time, so that no SYN is lost; who is not
               connected at the ramp's deadline is `unconnected` and takes no part
    fire       at one instant agreed between all workers (one kernel, one CLOCK_MONOTONIC)
    window     the tally turns its steps; the observer gathers evidence of each
    drain      from the window's end: users never answered are cut at once, for what is in flight
               there is the timeout, then it is cut as well

Knows gevent's loop but no Locust: `locust_user` enlists each Locust user here.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Sequence
from math import inf

import gevent

from loadgen.engine.clock import clock
from loadgen.engine.connection import Connection
from loadgen.engine.evidence import EVERY_S, Observer
from loadgen.engine.link import IDLE, Address
from loadgen.engine.load import Part, engine
from loadgen.engine.report import WorkerReport, worker_report
from loadgen.engine.timeout_scanner import TimeoutScanner
from loadgen.formats.scenario import Scenario

RAMP_S = 10.0  # for anyone to connect, and ...
RAMP_PER_USER_S = 0.001
AT_ONCE = 128
FIRED_AT_ONCE = 256  # before the loop looks after those that were answered already
LOOK_EVERY_S = 0.01


class UserPool:
    def __init__(
        self,
        address: Address,
        host: str,
        scenario: Scenario,
        part: Part,
        look_every_s: float = EVERY_S,
    ) -> None:
        """Raises OSError where the process has no descriptor left."""
        self.established = 0
        self.unconnected = 0
        self.answers: list[int] = []  # of each user, in the window
        self.unserved = 0
        self._address = address
        self._engine = engine(host, scenario, part)
        self.tally, self.loop = self._engine.tally, self._engine.loop
        self._keep_alive = self._engine.keep_alive
        self._timeout_s = scenario.timeout_s
        self._ramp_s = RAMP_S + part.users * RAMP_PER_USER_S
        self._ramp_ends_at_s = inf
        self.observer = Observer(self._look, look_every_s)
        self._enlisted = 0
        self._waiting: deque[Connection] = deque()
        self._connecting: set[Connection] = set()
        self._connections: list[Connection] = []

    def add_user(self) -> Connection:
        """One more user; keep-alive users connect, in their turn."""
        if self._ramp_ends_at_s == inf:
            self._ramp_ends_at_s = clock() + self._ramp_s
        self._enlisted += 1
        connection = self._engine.user(self._address, self._enlisted)
        if self._keep_alive:
            self._waiting.append(connection)
            self._connect()
        else:
            self._join(connection)
        return connection

    def remove_user(self, connection: Connection) -> None:
        """A user leaves."""
        self._cut([connection])

    def _connect(self) -> None:
        while self._waiting and len(self._connecting) < AT_ONCE:
            connection = self._waiting.popleft()
            self._connecting.add(connection)

            def ramped(connected: bool, connection: Connection = connection) -> None:
                self._connecting.discard(connection)
                if connected:
                    self._join(connection)
                else:
                    self.unconnected += 1
                gevent.get_hub().loop.run_callback(self._connect)

            connection.connect(ramped)

    def _join(self, connection: Connection) -> None:
        self.established += 1
        self._connections.append(connection)

    def _look(self, now_s: float) -> float:
        """Tells when the next step ends."""
        if now_s >= self.tally.edge_s:
            self.tally.roll(now_s)
        if self.tally.opens_at_s <= now_s < self.tally.closes_at_s:
            self.loop.sample()
        elif now_s >= self._ramp_ends_at_s and (self._connecting or self._waiting):
            self._end_ramp(now_s)
        return self.tally.edge_s

    def _end_ramp(self, now_s: float) -> None:
        self.unconnected += len(self._waiting)
        self._waiting.clear()
        for connection in list(self._connecting):
            connection.expire(now_s)

    def perform(
        self,
        lengths: Sequence[int],
        connections: Sequence[int],
        fire_at_s: float,
        opens_at_s: float,
        closes_at_s: float,
    ) -> None:
        """Fires and waits for the drained end. `lengths`: the right body of each request;
        `connections`: how many each worker has.

        The garbage collector rests meanwhile, since the engine makes no cycles and a collection
        stops every user; what stands by now stands till the process ends, so it stays frozen.
        """
        self._engine.hold_to(lengths)
        self._engine.deal(connections)
        self.tally.plan(opens_at_s, closes_at_s, self._turned, self.loop.in_flight)
        patient = self._keep_alive and not self.tally.is_open
        scanner = TimeoutScanner(self._connections, self._timeout_s, patient=patient)
        gc.collect()
        gc.freeze()
        gc.disable()
        try:
            _sleep_until(fire_at_s)
            firing = self.loop.start(self._connections, fire_at_s, closes_at_s)
            for number, _ in enumerate(firing, 1):
                if number % FIRED_AT_ONCE == 0:
                    gevent.sleep(0)
            _sleep_until(closes_at_s)
            self.tally.roll(closes_at_s)
            if patient:  # a pool gave them no turn
                self._cut(each for each in self._connections if not each.answered)
            self._drain(closes_at_s + self._timeout_s)
        finally:
            gc.enable()
        scanner.stop()
        self.loop.stop()
        self.observer.stop()
        self.tally.finish()

    def report(self, name: str) -> WorkerReport:
        """What was counted, once `perform` has returned."""
        return worker_report(
            self.tally,
            self.observer.steps,
            name=name,
            established=self.established,
            unconnected=self.unconnected,
            unserved=self.unserved,
            answers=self.answers,
        )

    @property
    def idle(self) -> bool:
        """Whether nothing is in flight."""
        return not self.loop.waiting and all(each.state == IDLE for each in self._connections)

    def _turned(self, number: int) -> None:
        if number == 0:
            self.observer.open()
            self.answers = [each.answered for each in self._connections]
            return
        self.observer.turn()
        if number == self.tally.window_steps:
            now = [each.answered for each in self._connections]
            self.answers = [after - before for before, after in zip(self.answers, now, strict=True)]
            self.unserved = now.count(0)

    def _drain(self, until_s: float) -> None:
        while clock() < until_s and not self.idle:
            gevent.sleep(LOOK_EVERY_S)
        self.loop.give_up()
        self._cut(self._connections)

    def _cut(self, connections: Iterable[Connection]) -> None:
        for connection in connections:
            if connection.cut():
                self.tally.cut(connection.due_s)


def _sleep_until(instant_s: float) -> None:
    gevent.sleep(max(0.0, instant_s - clock()))
