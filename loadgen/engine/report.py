"""What each worker ships to the master when its load has ended. `assemble` makes the whole of them.

No clock, no socket, no Locust in here. Histograms travel encoded and are merged without loss; the
least, greatest and sum of the times travel beside them, because a histogram rounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pydantic import Field

from loadgen.engine.counters import Arrivals, Step, Times, total
from loadgen.engine.evidence import Evidence
from loadgen.engine.tally import Tally
from loadgen.formats import histogram as hdr
from loadgen.formats.figures import Count, Failures, LoadWorker, Part, WorkerSecond


class Timed(Part):
    """Times of one kind, all in microseconds."""

    count: Count = 0
    min: Count = 0
    max: Count = 0
    sum: Count = 0
    histogram: str = ""

    @classmethod
    def of(cls, times_us: Mapping[int, int]) -> Timed:
        if not times_us:
            return cls()
        return cls(
            count=sum(times_us.values()),
            min=min(times_us),
            max=max(times_us),
            sum=sum(us * count for us, count in times_us.items()),
            histogram=hdr.encode(hdr.from_counts(times_us)),
        )


class StepReport(Part):
    good: Count
    failed: Count
    bytes: Count
    in_flight: Count
    times: Timed

    @classmethod
    def of(cls, step: Step) -> StepReport:
        return cls(
            good=step.good,
            failed=step.failed,
            bytes=step.bytes,
            in_flight=step.in_flight,
            times=Timed.of(total(step.times_us)),
        )


class ArrivalsReport(Part):
    due: Count
    dropped: Count
    cut: Count
    queued: Count
    in_flight_mean: float
    in_flight_max: Count

    @classmethod
    def of(cls, arrivals: Arrivals) -> ArrivalsReport:
        samples = arrivals.in_flight or [0]
        return cls(
            due=arrivals.due,
            dropped=arrivals.dropped,
            cut=arrivals.cut,
            queued=arrivals.queued,
            in_flight_mean=sum(samples) / len(samples),
            in_flight_max=max(samples),
        )


class WorkerReport(Part):
    """One worker's final counters. `timed` and `failures` run along the scenario's requests."""

    connected: Count
    established: Count
    unconnected: Count
    unserved: Count
    answers: list[Count]  # of each user, in the window
    good: Count
    failed: Count
    generator: Count
    aborted: Count
    timed: list[Timed]  # response times
    service: Timed
    first_byte: Timed
    connect: Timed
    failed_timed: Timed
    failures: list[Failures]
    examples: dict[str, str] = Field(default_factory=dict)
    step_s: float
    steps: list[StepReport]
    arrivals: ArrivalsReport | None
    evidence: LoadWorker


def worker_report(
    tally: Tally,
    steps: Sequence[Evidence],
    *,
    name: str,
    established: int,
    unconnected: int,
    unserved: int,
    answers: list[int],
) -> WorkerReport:
    """`steps`: what was used in each step of the window."""
    arrivals = tally.arrivals
    response = tally.window_times_us
    service = total(response) if arrivals is None else arrivals.service_us
    served = Timed.of(service)
    return WorkerReport(
        connected=tally.connected,
        established=established,
        unconnected=unconnected,
        unserved=unserved,
        answers=answers,
        good=tally.good_life,
        failed=tally.failed_life,
        generator=tally.generator_life,
        aborted=tally.aborted,
        timed=[Timed.of(times) for times in response],
        service=served,
        first_byte=_first_byte(tally, service) if tally.pieces_us else served,
        connect=Timed.of(tally.connect_us),
        failed_timed=Timed.of(tally.failed_us),
        failures=[Failures(**failures) for failures in tally.failures],
        examples=tally.examples,
        step_s=tally.step_s,
        steps=[StepReport.of(step) for step in tally.window],
        arrivals=None if arrivals is None else ArrivalsReport.of(arrivals),
        evidence=evidence(tally, steps, name, established, unconnected),
    )


def _first_byte(tally: Tally, service_us: Times) -> Timed:
    """Where some answers came in pieces: those have a time of their own until their first byte."""
    first = Counter(service_us)
    first.subtract(tally.pieces_us)
    first.update(tally.first_us)
    return Timed.of(+first)


def evidence(
    tally: Tally, steps: Sequence[Evidence], name: str, established: int, unconnected: int
) -> LoadWorker:
    wall_s = sum(step.wall_s for step in steps) or 1e-9
    lags_us = Counter(lag for step in steps for lag in step.lags_us)
    send_us = total(step.send_lag_us for step in tally.window)
    return LoadWorker(
        name=name,
        users=established + unconnected,
        cpu_s=round(sum(step.cpu_s for step in steps), 6),
        cpu_share=round(sum(step.cpu_s for step in steps) / wall_s, 4),
        run_delay_s=round(sum(step.run_delay_s for step in steps), 6),
        loop_lag_p99_us=percentile(lags_us, 99) or 0,
        loop_lag_max_us=max(lags_us, default=0),
        send_lag_p50_us=percentile(send_us, 50),
        send_lag_p99_us=percentile(send_us, 99),
        send_lag_max_us=max(send_us, default=None),
        established=established,
        bytes=sum(step.bytes for step in tally.window),
        seconds=tuple(
            WorkerSecond(
                t_s=round(number * tally.step_s, 6),
                cpu_share=round(used.cpu_s / max(used.wall_s, 1e-9), 4),
                run_delay_s=round(used.run_delay_s, 6),
                loop_lag_max_us=max(used.lags_us, default=0),
                send_lag_max_us=max(step.send_lag_us, default=0),
                bytes=step.bytes,
                steal_s=used.steal_s,
                pressure_s=used.pressure_s,
            )
            for number, (used, step) in enumerate(zip(steps, tally.window, strict=True))
        ),
    )


def percentile(times_us: Mapping[int, int], percent: float) -> int | None:
    """The least value that so many percent do not exceed; None of nothing."""
    left = sum(times_us.values()) * percent / 100
    for us in sorted(times_us):
        left -= times_us[us]
        if left <= 0:
            return us
    return None
