"""What a sentence on a model may rest on: figures of one trial, or medians of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from lab.analysis import mechanism
from lab.analysis.bottleneck import Reason, lateness
from lab.analysis.mechanism import Mechanism
from lab.analysis.server_cpu import over_window
from lab.records.record import ServerRecord
from loadgen.formats.record import LoadRecord


@dataclass(frozen=True)
class Evidence:
    """None is unknown."""

    mechanism: Mechanism
    limit: str | None  # the verdict's
    lateness: str | None  # of the load generator, in words, where it was not at its limit
    cpu_share: float | None  # 1.0 is one CPU all the time
    users: float
    unconnected: float
    unserved: float
    always_asking: bool  # a closed loop without a rest: every connected user has a request out

    @property
    def in_hand(self) -> float | None:
        """Users whose request the server has accepted; no more can be in progress."""
        queue = self.mechanism.accept_queue
        if queue is None or not self.always_asking:
            return None
        return max(0.0, self.users - self.unconnected - queue)

    @property
    def kernel_share(self) -> float | None:
        """Of the server's CPU time."""
        system, user = self.mechanism.cpu_system_us, self.mechanism.cpu_user_us
        if system is None or user is None:
            return None
        kernel = system + (self.mechanism.cpu_softirq_us or 0.0)
        return kernel / (kernel + user)


def of(
    trials: Sequence[tuple[ServerRecord, LoadRecord]],
    limit: str | None,
    generator: Iterable[Reason] = (),
) -> Evidence:
    """From the records of one trial or more of one cell.

    `limit`: as the verdict names it; `generator`: what speaks against the load generator.
    """
    loads = [load for _, load in trials]
    cpus = [over_window(server) for server, _ in trials]
    return Evidence(
        mechanism=mechanism.median([mechanism.of(server, load) for server, load in trials]),
        limit=limit,
        lateness=lateness(generator),
        cpu_share=_median(cpu.share if cpu else None for cpu in cpus),
        users=median(load.users for load in loads),
        unconnected=median(load.connections.unconnected for load in loads),
        unserved=median(load.connections.unserved for load in loads),
        always_asking=all(load.loop == "closed" and not load.think_s for load in loads),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
