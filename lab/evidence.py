"""What a sentence on a model may rest on: figures of one trial, or medians of a cell. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from lab import mechanism
from lab.bottleneck import cpu_share
from lab.mechanism import Mechanism
from lab.record import ServerRecord
from loadgen.record import LoadRecord


@dataclass(frozen=True)
class Evidence:
    """None is unknown."""

    mechanism: Mechanism
    limit: str | None  # the verdict's
    cpu_share: float | None  # 1.0 is one CPU all the time
    users: float
    unconnected: float
    unserved: float
    throughput_rps: float
    least_us: float | None  # the quickest answer, where all requests are alike
    users_held: float | None  # users who were served, each on the one connection that it kept

    @property
    def in_progress(self) -> float | None:
        """Requests in the server on average: Little's law on the quickest, who did not queue."""
        return None if self.least_us is None else self.throughput_rps * self.least_us / 1e6

    @property
    def kernel_share(self) -> float | None:
        """Of the server's CPU time."""
        system, user = self.mechanism.cpu_system_us, self.mechanism.cpu_user_us
        return None if system is None or user is None else system / (system + user)

    @property
    def switches(self) -> float | None:
        """Context switches per request of both kinds."""
        wished, forced = self.mechanism.voluntary_switches, self.mechanism.involuntary_switches
        return None if wished is None or forced is None else wished + forced


def of(trials: Sequence[tuple[ServerRecord, LoadRecord]], limit: str | None) -> Evidence:
    """From the records of one trial or more of one cell. `limit`: as the verdict names it."""
    loads = [load for _, load in trials]
    return Evidence(
        mechanism=mechanism.median([mechanism.of(server, load) for server, load in trials]),
        limit=limit,
        cpu_share=_median(cpu_share(server) for server, _ in trials),
        users=median(load.users for load in loads),
        unconnected=median(load.connections.unconnected for load in loads),
        unserved=median(load.connections.unserved for load in loads),
        throughput_rps=median(load.window.throughput_rps for load in loads),
        least_us=_median(map(_least_us, loads)),
        users_held=_median(map(_users_held, loads)),
    )


def _least_us(load: LoadRecord) -> float | None:
    times = load.service_us or load.latency_us
    return times.min if times and len(load.requests) <= 1 else None


def _users_held(load: LoadRecord) -> float | None:
    shares = load.connections.shares
    return shares.served if shares and load.connection == "keep-alive" else None


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
