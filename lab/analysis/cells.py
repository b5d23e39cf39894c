"""A cell: a model at a step of the load, with what its trials say together (`by_cell`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.analysis.bottleneck import Limit
from lab.analysis.mechanism import Mechanism
from lab.analysis.row_notes import Note
from lab.analysis.validity import Verdict
from lab.analysis.why import Cause
from lab.records.manifest import Variant
from lab.statistics.flags import Spread
from lab.statistics.interval import Interval

Step = tuple[int, float | None]  # users, and the rate of an open loop
ByBlock = Mapping[int, float]


@dataclass(frozen=True)
class Times:
    """Percentiles of one kind of time over all trials of a cell."""

    samples: int
    p50_us: int
    p90_us: int
    p99_us: int | None  # None below 1,000 samples
    p999_us: int | None  # None below 10,000
    max_us: int


@dataclass(frozen=True)
class Cell:
    """One row of the table; None where there is nothing to show. `trials` made the figures."""

    model: str
    reference: bool  # somebody else's server: it gave no account, all else is judged as a model's
    users: int
    rate_rps: float | None
    trials: int
    invalid: int
    verdict: Verdict
    limit: Limit | None  # None: of different kinds in different trials, or not known
    ranks: bool  # throughput: valid in every trial that counts, and the server was the limit
    throughput_rps: float | None
    throughput: Interval | None  # None with too few trials
    throughputs: ByBlock
    sittings: tuple[tuple[float, ...], ...]  # the same, by the sitting that measured them
    spread: Spread | None
    drift: float | None  # of the throughput over the run, where it is significant
    latency: Times | None  # response time
    service: Times | None
    p99s_us: ByBlock  # each trial's, for latency's own interval
    p99_interval: Interval | None
    cpus_us: ByBlock  # the server's CPU time for an answer, each trial's
    offered_rps: float | None  # open loop; as the next two
    achieved_rps: float | None
    dropped: int
    failures: int
    unserved: int
    unconnected: int
    jain: float | None
    cpu_share: float | None
    mechanism: Mechanism
    cause: Cause | None  # why its figures are what they are, where any counts
    notes: tuple[Note, ...]
    together: bool = False  # other servers ran at the same time, on the same CPUs
    variant: Variant | None = None  # the model and the settings that its name stands for

    @property
    def step(self) -> Step:
        return (self.users, self.rate_rps)

    @property
    def unanswered(self) -> int:
        """Users who got no answer at all."""
        return self.unserved + self.unconnected
