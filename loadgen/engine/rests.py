"""Connections that rest until an instant each: who has failed, who thinks. One timer for all."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush

from loadgen.engine.clock import clock
from loadgen.engine.connection import Connection
from loadgen.engine.timer import Timer


class Rests:
    def __init__(self, wake: Callable[[Connection, float], None]) -> None:
        """`wake` is told the connection and the instant at which its rest was to end."""
        self._wake = wake
        self._resting: list[tuple[float, int, Connection]] = []
        self._number = 0  # of equal instants the first to rest wakes first
        self._timer = Timer(self._ring)

    def __len__(self) -> int:
        return len(self._resting)

    def until(self, instant_s: float, connection: Connection) -> None:
        self._number += 1
        heappush(self._resting, (instant_s, self._number, connection))
        if self._resting[0][1] == self._number:
            self._timer.at(instant_s)

    def drop(self, connection: Connection) -> None:
        """It shall not be woken, if it rests."""
        self._resting = [each for each in self._resting if each[2] is not connection]
        heapify(self._resting)

    def stop(self) -> None:
        self._resting.clear()
        self._timer.stop()

    def _ring(self) -> None:
        now_s = clock()
        while self._resting and self._resting[0][0] <= now_s:
            instant_s, _, connection = heappop(self._resting)
            self._wake(connection, instant_s)
        if self._resting:
            self._timer.at(self._resting[0][0])
