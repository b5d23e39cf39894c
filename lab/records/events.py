"""What the load's master says while a trial runs: one JSON object a line, read here into types.

Lines that are not events are its log, for people. An event of a kind unknown here is let pass, so
that a newer load generator may say more; one whose fields are missing or wrong fails the trial,
for then lab and load do not speak the same language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from loadgen.formats.mismatch import Unexpected, in_words

Read = TypeVar("Read")


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
class Standby:
    """All are connected; the load fires when it is told to."""


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


@dataclass(frozen=True)
class Unwritten:
    """The disk refused the load's record, as it would refuse the next one."""

    reason: str


@dataclass(frozen=True)
class Mismatch:
    """The server answers, but not what the scenario expects; nothing else is wrong with it."""

    answers: tuple[Unexpected, ...]

    def __str__(self) -> str:
        return in_words(self.answers)


Event = Waiting | Ready | Ramp | Standby | Window | Tick | Done | Failed | Unwritten | Mismatch
KINDS: dict[str, type[Event]] = {
    kind.__name__.lower(): kind
    for kind in (Waiting, Ready, Ramp, Standby, Window, Tick, Done, Failed, Unwritten, Mismatch)
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
    try:
        if kind is Mismatch:
            return Mismatch(tuple(_read(Unexpected, each) for each in said["answers"]))
        return _read(kind, said)
    except (LookupError, TypeError):
        return Failed(f"the load said an event that the lab cannot read: {line.strip()[:200]}")


def _read(kind: type[Read], said: Any) -> Read:
    """LookupError or TypeError where a field is missing or of another type."""
    wanted = {field.name: TYPES[str(field.type)] for field in fields(kind)}  # type: ignore[arg-type]
    for name, types in wanted.items():
        if type(said[name]) not in types:  # not isinstance(): a bool is an int to it
            raise TypeError(name)
    return kind(**{name: said[name] for name in wanted})
