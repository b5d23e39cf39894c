"""What Locust calls a user: here, the life of one visitor of the crew.

Not HttpUser or FastHttpUser: their cost per request is 5 to 20 times the engine's, they round to
milliseconds, and FastHttpUser repeats GETs on broken connections in silence. Locust spawns, counts,
spreads over workers and stops; the engine asks.
"""

from __future__ import annotations

from typing import ClassVar

from gevent.event import Event
from locust import User, task

from loadgen.crew import Crew


class LabUser(User):  # type: ignore[misc,unused-ignore]
    crew: ClassVar[Crew]  # set before any user is spawned
    _parked: ClassVar[Event] = Event()

    def on_start(self) -> None:
        self.visitor = self.crew.enlist()

    @task  # type: ignore[untyped-decorator,unused-ignore]
    def live(self) -> None:
        if self.visitor is not None:
            self.crew.live(self.visitor)
        self._parked.wait()  # until Locust stops its users
