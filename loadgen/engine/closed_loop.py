"""A closed loop: n users, each of whom waits for its answer before it asks again.

Between the two it may think. After a failure of the connection it rests for 10 ms, or a dead server
would be asked 20,000 times a second. Its latency at saturation is users divided by throughput and
says nothing of the server; `open_loop` is for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from loadgen.engine.connection import Connection
from loadgen.engine.rests import Rests

REST_S = 0.01


class ClosedLoop:
    """Plays `connection.Loop`."""

    watches = False

    def __init__(self, think_s: float) -> None:
        self._think_s = think_s
        self._rests = Rests(self._again)
        self._closes_at_s = inf
        self._users: Sequence[Connection] = ()

    def start(
        self, connections: Sequence[Connection], _began_s: float, closes_at_s: float
    ) -> Iterator[None]:
        """Everyone asks for the first time, a user a step."""
        self._users, self._closes_at_s = connections, closes_at_s
        for connection in connections:
            connection.begin(connection.mix.next())
            yield

    def join(self, connection: Connection) -> None:
        """One more, after the start."""
        connection.begin(connection.mix.next())

    def leave(self, connection: Connection) -> None:
        """It asks no more."""
        self._rests.drop(connection)

    def answered(self, connection: Connection, now_s: float) -> None:
        """Answers are the tally's; there is nothing else to know of them."""

    def free(self, connection: Connection, now_s: float, broken: bool = False) -> None:
        if now_s >= self._closes_at_s:
            return
        if broken:
            self._rests.until(now_s + REST_S, connection)
        elif self._think_s:
            self._rests.until(now_s + self._think_s, connection)
        else:
            connection.begin(connection.mix.next())

    @property
    def waiting(self) -> bool:
        return False

    def in_flight(self) -> int:
        return len(self._users) - len(self._rests)

    def sample(self) -> None:
        """In flight are all but those who rest: there is nothing to sample."""

    def give_up(self) -> None:
        """Nobody stands in line."""

    def stop(self) -> None:
        self._rests.stop()

    def _again(self, connection: Connection, due_s: float) -> None:
        if due_s < self._closes_at_s:
            connection.begin(connection.mix.next())
