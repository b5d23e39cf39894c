"""CPU time of processes, user and system, as the kernel counts it: in ticks of 10 ms."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    user_s: float = 0.0
    system_s: float = 0.0

    def __sub__(self, before: Used) -> Used:
        return Used(self.user_s - before.user_s, self.system_s - before.system_s)

    def per_request(self, whose: str, requests: float) -> dict[str, float]:
        """In microseconds, by the name of the value."""
        each = {"user": self.user_s, "system": self.system_s}
        return {f"{whose}_{kind}_us": s / max(requests, 1) * 1e6 for kind, s in each.items()}


def by_process(pid: int) -> Used:
    return _sum(_fields(f"{pid}"))


def by_group(group: int) -> Used:
    """Of all processes of the group that live."""
    everyone = (path.name for path in Path("/proc").iterdir() if path.name.isdigit())
    found = [fields for name in everyone for fields in _fields(name) if int(fields[2]) == group]
    return _sum(found)


def _fields(name: str) -> list[list[str]]:
    """Of /proc/NAME/stat from the state on; nothing of a process that is gone."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return [Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()]
    return []


def _sum(found: Iterable[list[str]]) -> Used:
    rows = list(found)
    user, system = (sum(int(fields[place]) for fields in rows) for place in (11, 12))
    return Used(user / TICKS_PER_S, system / TICKS_PER_S)
