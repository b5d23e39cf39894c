"""What Locust calls a user: here, one connection of the pool.

Not HttpUser or FastHttpUser: their cost per request is 5 to 20 times the engine's, they round to
milliseconds, and FastHttpUser repeats GETs on broken connections in silence. Locust spawns, counts,
spreads over workers and stops; the engine asks, from the loop's callbacks. So the user's own task
has nothing to do: it returns, and the user is parked in `wait()`, where Locust can stop it at once.
"""

from __future__ import annotations

from typing import ClassVar

from locust import User, constant, task

from loadgen.engine.user_pool import UserPool
from loadgen.locust.watched import Watched

PARKED_S = 86_400.0


class LabUser(User):  # type: ignore[misc,unused-ignore]
    pool: ClassVar[UserPool | Watched]  # set before any user is spawned
    wait_time = constant(PARKED_S)

    def on_start(self) -> None:
        self.connection = self.pool.add_user()

    def on_stop(self) -> None:
        self.pool.remove_user(self.connection)

    @task  # type: ignore[untyped-decorator,unused-ignore]
    def park(self) -> None:
        pass
