"""The parts of load.json: what was counted and timed in one trial. `record` puts them together.

Rules that hold in each, and are checked whenever one is read or made: a histogram holds as many
values as its count says; the window's requests are its good answers and its failures; every arrival
of an open loop came to exactly one end.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from loadgen.formats import histogram as hdr

FAILURES = ("refused", "reset", "timeout", "short", "wrong_status", "wrong_body", "generator")

Count = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Shares(Part):
    """How the window's good answers were spread over the users that took part."""

    served: Count  # users with at least one
    min: Count
    median: float
    max: Count
    jain: float  # (sum x)^2 / (n * sum x^2): 1 where all got alike, 1/n where one got all


class Connections(Part):
    requested: Count  # users asked for
    established: Count  # connected before fire was opened (close: users spawned)
    unconnected: Count  # not connected within the ramp's deadline; they take no part
    unserved: Count  # connected, and never answered before the window closed
    shares: Shares | None = None  # null where nobody was connected


class Failures(Part):
    refused: Count = 0  # the connection was not accepted
    reset: Count = 0  # broken, or closed without a single byte
    timeout: Count = 0
    short: Count = 0  # ended in mid-answer
    wrong_status: Count = 0
    wrong_body: Count = 0  # another length than it should have, or no HTTP at all
    generator: Count = 0  # a limit on this side: no descriptor, port or memory; new in format 3

    @property
    def total(self) -> int:
        return sum(getattr(self, name) for name in FAILURES)


class Window(Part):
    """Requests that ended in [opened, closed), whenever they began."""

    requests: Count
    good: Count
    failures: Failures
    bytes: Count  # received in good answers, heads and all
    throughput_rps: float  # good answers only

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.requests != self.good + self.failures.total:
            raise ValueError("requests are not good answers and failures together")
        return self


class Life(Part):
    """From the first probe to the last drained answer, to be held against the server's account."""

    connected: Count  # TCP connections made, those of the probes apart
    good: Count
    failed: Count
    generator: Count = 0  # requests, and connections of the ramp, that a limit on this side stopped
    aborted: Count  # in flight when the drain ended, or waiting unserved: neither good nor failed
    probes: Count  # of /health, each a connection of its own, that were answered
    verified: Count  # answers checked in full before fire was opened; not part of `good`


class Latency(Part):
    """All in microseconds; `histogram` is base64 of HdrHistogram(1, 7_200_000_000, 3)."""

    count: Count
    min: Count
    p50: Count
    p90: Count
    p99: Count
    max: Count
    mean: float
    histogram: str

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if hdr.decode(self.histogram, self.min, self.max).get_total_count() != self.count:
            raise ValueError("the histogram does not hold as many values as its count says")
        return self


class Arrivals(Part):
    """The open loop: requests that came due in the window, whatever the server did.

    `due` = good + failed + dropped + cut. Their times are those of `latency_us` and `service_us`,
    whenever they were answered; the window's own counts are of what was *finished* in it.
    """

    process: Literal["constant", "poisson"]
    due: Count
    offered_rps: float  # due / window_s
    achieved_rps: float  # good answers finished in the window / window_s
    good: Count
    failed: Count
    dropped: Count  # never sent: the line of those who waited for a free connection was full
    cut: Count  # without an answer when the drain ended
    queued: Count  # found no connection free and waited; the wait is part of the response time
    in_flight_mean: float  # sent or in line, sampled every 10 ms
    in_flight_max: Count

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.due != self.good + self.failed + self.dropped + self.cut:
            raise ValueError("not every arrival came to exactly one end")
        return self


class Second(Part):
    """One step of the series: a second, or longer where the window is beyond five minutes."""

    t_s: float  # since the window opened
    good: Count
    failed: Count
    p50_us: Count | None = None  # response time of what was finished then; null where nothing was
    p99_us: Count | None = None
    in_flight: Count | None = None  # at the step's end


class Asked(Part):
    """One request of the mix, in the window."""

    name: str
    good: Count
    failed: Count
    p50_us: Count
    p99_us: Count


class WorkerSecond(Part):
    """What one worker saw of itself and its host in one step of the series."""

    t_s: float
    cpu_share: float
    run_delay_s: float
    loop_lag_max_us: Count
    send_lag_max_us: Count
    bytes: Count
    steal_s: float | None = None  # of all CPUs; null where the kernel does not tell
    pressure_s: float | None = None  # some task of the host waited for a CPU


class LoadWorker(Part):
    """Evidence on whether the generator was at its limit, over the window."""

    name: str
    users: Count
    cpu_s: float
    cpu_share: float  # of one CPU
    run_delay_s: float  # runnable, and waiting for a CPU
    loop_lag_p99_us: Count  # how late its event loop came to a timer
    loop_lag_max_us: Count
    send_lag_p50_us: Count | None = None  # open loop: sent so long after it was due, although
    send_lag_p99_us: Count | None = None  # a connection was free
    send_lag_max_us: Count | None = None
    established: Count | None = None
    bytes: Count | None = None  # received in the window
    host: str | None = None  # on which it ran, where the load came from several
    # Its clock less that of the lab's host, and how wrong that may be; null where they are one.
    clock_offset_s: float | None = None
    clock_bound_s: float | None = None
    seconds: tuple[WorkerSecond, ...] = ()


class Versions(Part):
    python: str
    locust: str
    gevent: str
