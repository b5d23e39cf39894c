"""All users of one worker while people look on at Locust's own page: no window, no ramp.

Each user connects when Locust spawns it; all begin together when the master says that spawning is
complete, and who comes later begins at once. A user that does not connect begins as well, so that
everybody sees it fail. Nothing here is a measurement: who stops is cut, and `tally.take` hands out
what was counted, second by second.
"""

from __future__ import annotations

from collections.abc import Sequence

from loadgen.engine.clock import clock
from loadgen.engine.connection import Connection
from loadgen.engine.link import Address
from loadgen.engine.load import Part, engine
from loadgen.engine.timeout_scanner import TimeoutScanner
from loadgen.formats.scenario import Scenario

NEVER_S = float(1 << 31)  # the loop's end; a timer cannot be set to infinity


class Watched:
    def __init__(
        self, address: Address, host: str, scenario: Scenario, part: Part, lengths: Sequence[int]
    ) -> None:
        """Raises OSError where the process has no descriptor left."""
        self._address = address
        self._engine = engine(host, scenario, part)
        self._engine.hold_to(lengths)
        self._loop = self._engine.loop
        self.tally = self._engine.tally
        self.tally.watched = True
        self._enlisted = 0
        self._users: list[Connection] = []
        patient = self._engine.keep_alive and part.rate_rps is None
        self._scanner = TimeoutScanner(self._users, scenario.timeout_s, patient=patient)
        self._begun = self._over = False

    def add_user(self) -> Connection:
        """One more user."""
        self._enlisted += 1
        user = self._engine.user(self._address, self._enlisted)
        if self._engine.keep_alive:
            user.connect(lambda _connected: self._join(user))
        else:
            self._join(user)
        return user

    def remove_user(self, user: Connection) -> None:
        """A user leaves."""
        user.cut()
        if not self._over and user in self._users:
            self._users.remove(user)
            if self._begun:
                self._loop.leave(user)

    def begin(self, connections: Sequence[int]) -> None:
        """Everyone who is there; `connections` of each worker. A second call deals anew."""
        if not self._over:
            self._engine.deal(connections)
        if not self._begun and not self._over:
            self._begun = True
            for _ in self._loop.start(list(self._users), clock(), NEVER_S):
                pass

    def stop(self) -> None:
        """For good: what is in flight is cut."""
        self._over = True
        self._loop.stop()
        self._scanner.stop()
        for user in self._users:
            user.cut()

    def _join(self, user: Connection) -> None:
        if self._over:
            user.cut()
            return
        self._users.append(user)
        if self._begun:
            self._loop.join(user)
