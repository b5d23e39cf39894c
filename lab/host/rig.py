"""What a trial asks of the world: the port between the life cycle and whatever plays its part.

`docker_rig.py` plays it with real containers, the tests with fakes. Everything that happens by
itself (the load's events, a container's end) comes through one queue, `next_happening`, so that
the life cycle is one loop with one clock and nothing can die unnoticed behind its back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from lab.records.events import Event
from lab.records.record import Counters, Link, Receive, ServerEnd, Settling
from lab.records.step import Trial

Role = Literal["server", "master", "worker", "redis", "vmhost"]


@dataclass(frozen=True)
class Said:
    """The load's master said something."""

    event: Event


@dataclass(frozen=True)
class Exited:
    """A container of the trial ended. The master's end comes after everything that it said."""

    role: Role
    exit_code: int


Happening = Said | Exited


class UnreadableError(Exception):
    """The server's counters cannot be read; the message says why."""


class StoppedError(Exception):
    """The run ends before the trial does."""


class Rig(Protocol):
    """One trial's containers and instruments."""

    @property
    def receive(self) -> Receive:
        """Whose CPUs process what the server receives."""

    @property
    def links(self) -> tuple[Link, ...]:
        """To the hosts that the load comes from; none where that is this one."""

    def now_s(self) -> float:
        """CLOCK_MONOTONIC, the clock of the window's edges."""

    def settle(self) -> Settling:
        """Wait, bounded, until the host has calmed down; tell how it was."""

    def up(self, trial: Trial) -> None:
        """Start the server, the load and the way between. LabError where Docker refuses."""

    def next_happening(self, until_s: float) -> Happening | None:
        """The next happening; None when the instant `until_s` has come first."""

    def fire(self) -> None:
        """Tell a load that stands by to begin."""

    def stop(self) -> None:
        """From another thread: `next_happening` raises StoppedError from now on."""

    def read_counters(self) -> Counters:
        """The server's counters now. UnreadableError where the host shows none."""

    def hidden_at(self) -> str | None:
        """The loopback address on which the server listens; None for any other, or for none yet."""

    def end_server(self) -> tuple[ServerEnd, str] | None:
        """SIGTERM, wait for the drain; its end and its whole log. None: there never was one."""

    def tail(self, role: Role) -> str:
        """The last lines that a container of the trial logged."""

    def down(self) -> None:
        """Remove everything of the trial. Never fails for what is gone already."""


class Progress(Protocol):
    """Someone who watches the run."""

    def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
        """`of`: how many trials the run has; `left_s`: an estimate of all that is left of it."""

    def step(self, text: str) -> None: ...

    def rate(self, good_per_s: float, failed_per_s: float) -> None: ...

    def trial_ends(self, trial: Trial, summary: str, good: bool) -> None: ...
