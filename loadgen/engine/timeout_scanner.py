"""Who waits too long: looked over now and then, so that no request pays for a timer of its own.

A timeout comes up to a tenth of a second late where there are thousands of connections. Loses
nothing else: times are taken when it comes.
"""

from __future__ import annotations

from collections.abc import Sequence

from loadgen.engine.clock import clock
from loadgen.engine.connection import Connection
from loadgen.engine.link import ASKED, FIN_WAIT_S, IDLE, LEAVING
from loadgen.engine.timer import Timer

AT_ONCE = 1_500  # looked at in one go: 0.1 ms
ROUNDS = 20  # in one timeout, within these bounds:
SHORTEST_S, LONGEST_S = 0.005, 0.05


class TimeoutScanner:
    def __init__(
        self, connections: Sequence[Connection], timeout_s: float, *, patient: bool
    ) -> None:
        """`patient`: who was never answered has no deadline: a pool gives it no turn, by design."""
        self._connections = connections
        self._timeout_s = timeout_s
        self._patient = patient
        self._every_s = min(max(timeout_s / ROUNDS, SHORTEST_S), LONGEST_S)
        self._at = 0
        self._timer = Timer(self._look)
        self._timer.at(clock())

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        now_s = clock()
        self._timer.at(now_s + self._every_s)
        beat = self._connections[self._at : self._at + AT_ONCE]
        self._at = self._at + AT_ONCE if len(beat) == AT_ONCE else 0
        asked_by_s, left_by_s = now_s - self._timeout_s, now_s - FIN_WAIT_S
        for connection in beat:
            state = connection.state
            if state == IDLE or (state == LEAVING and connection.sent_s >= left_by_s):
                continue
            unserved = self._patient and state == ASKED and not connection.answered
            if (connection.sent_s < asked_by_s or state == LEAVING) and not unserved:
                connection.expire(now_s)
