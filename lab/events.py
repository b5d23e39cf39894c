"""What the load's master says while a trial runs: one JSON object a line, read here into types.

Lines that are not events are its log, for people. An event of a kind unknown here is let pass, so
that a newer load generator may say more; one whose fields are missing or wrong fails the trial,
for then lab and load do not speak the same language.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from typing import Any

# As loadgen/verification.py words it: status or length. (Who gives no answer at all is another's.)
UNEXPECTED = "the answers are not what the scenario expects: "
_OTHERWISE = re.compile(r".+: (?:answers \d+|\d+ bytes), expected \d+")


@dataclass(frozen=True)
class Waiting:
    """/health does not answer yet through the trial's own path."""


@dataclass(frozen=True)
class Ready:
    """/health answered; `probes` connections were spent on asking."""

    probes: int


@dataclass(frozen=True)
class Ramp:
    """Connections made so far, before anyone fires."""

    established: int
    requested: int


@dataclass(frozen=True)
class Window:
    """The window to come, in instants of CLOCK_MONOTONIC."""

    warms_at_s: float
    opens_at_s: float
    closes_at_s: float


@dataclass(frozen=True)
class Tick:
    """The rate, about once a second."""

    good_per_s: float
    failed_per_s: float


@dataclass(frozen=True)
class Done:
    """The record is written, every connection closed."""


@dataclass(frozen=True)
class Failed:
    """The load gave up."""

    reason: str

    @property
    def mismatch(self) -> str | None:
        """What the server answers otherwise than the scenario expects, where it is that alone."""
        told = self.reason.removeprefix(UNEXPECTED)
        if told == self.reason or not all(map(_OTHERWISE.fullmatch, told.split("; "))):
            return None
        return told


Event = Waiting | Ready | Ramp | Window | Tick | Done | Failed
KINDS: dict[str, type[Event]] = {
    kind.__name__.lower(): kind for kind in (Waiting, Ready, Ramp, Window, Tick, Done, Failed)
}
TYPES: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "str": (str,)}


def parse_event(line: str) -> Event | None:
    """None for a line of the log. Events with wrong fields come back as `Failed`."""
    try:
        said: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    kind = KINDS.get(str(said.get("event"))) if isinstance(said, dict) else None
    if kind is None:
        return None
    wanted = {field.name: TYPES[str(field.type)] for field in fields(kind)}
    # By type(), for a bool is an int to isinstance().
    if not all(type(said.get(name)) in types for name, types in wanted.items()):
        return Failed(f"the load said an event that the lab cannot read: {line.strip()[:200]}")
    return kind(**{name: said[name] for name in wanted})
