"""Which CPUs the server gets and which the load: disjoint wherever there are two.

The server gets one CPU, the last: the notes' servers ran on a machine of one CPU, models of many
processes and of one then have the same to spend, and figures of hosts with 4 and with 64 CPUs can
be set side by side. Its hyperthread siblings stay idle where that leaves a CPU for the load: a
busy sibling takes a third of a core. Redis gets a CPU of its own from three CPUs on; `vmhost`
needs none, the kernel forwards on the CPU of whoever sends. The load gets the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Allotment:
    """CPU numbers for each part."""

    server: tuple[int, ...]
    load: tuple[int, ...]
    redis: tuple[int, ...]

    @property
    def disjoint(self) -> bool:
        """Whether the load leaves the server's CPUs alone."""
        return not set(self.server) & set(self.load)


def allot(cpus: Sequence[int], siblings: Mapping[int, frozenset[int]] | None = None) -> Allotment:
    """`siblings`: the CPUs that share a core with each CPU, where the host tells."""
    *rest, server = sorted(cpus)
    if not rest:
        return Allotment((server,), (server,), (server,))
    apart = [cpu for cpu in rest if cpu not in (siblings or {}).get(server, frozenset())]
    load = apart or rest
    redis = (load.pop(),) if len(load) > 1 else tuple(load)
    return Allotment((server,), tuple(load), redis)


def workers_for(load: Sequence[int]) -> int:
    """Locust workers: one for each CPU of the load, less one for the master; 4 outrun any CPU."""
    return min(4, max(1, len(load) - 1))


def parse_list(text: str) -> tuple[int, ...]:
    """The kernel's and Docker's list of CPUs, as `0-3,6`. ValueError where it is none."""
    cpus: list[int] = []
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        cpus.extend(range(int(first), int(last or first) + 1))
    return tuple(cpus)


def write_list(cpus: Sequence[int]) -> str:
    """`(0, 1, 3)` -> `0,1,3`, as Docker's cpuset takes it."""
    return ",".join(map(str, cpus))
