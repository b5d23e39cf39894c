"""What each worker ships to the master when its load has ended, and how the whole is made of it.

Pure: no clock, no socket, no Locust. Histograms travel encoded and are merged without loss; least,
greatest and sum of the latencies travel beside them, because a histogram rounds.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from loadgen import histogram as hdr
from loadgen.figures import Asked, Count, Failures, Latency, LoadWorker, Part, Second
from loadgen.tally import Tally, Timings


class Timed(Part):
    """Latencies of one kind, all in microseconds."""

    count: Count = 0
    min: Count = 0
    max: Count = 0
    sum: Count = 0
    histogram: str = ""

    @classmethod
    def of(cls, timings: Timings) -> Timed:
        counts = timings.counts
        if not counts:
            return cls()
        return cls(
            count=sum(counts.values()),
            min=min(counts),
            max=max(counts),
            sum=timings.total_us,
            histogram=hdr.encode(hdr.from_counts(counts)),
        )


class WorkerReport(Part):
    """One worker's final counters. Lists run along the scenario's requests."""

    connected: Count
    established: Count
    unconnected: Count
    unserved: Count
    good: Count
    failed: Count
    aborted: Count
    bytes: Count
    timed: list[Timed]
    failed_timed: Timed
    failures: list[Failures]
    examples: dict[str, str] = Field(default_factory=dict)
    seconds_good: dict[int, int]
    seconds_failed: dict[int, int]
    evidence: LoadWorker

    @classmethod
    def of(
        cls, tally: Tally, *, established: int, unconnected: int, unserved: int, worker: LoadWorker
    ) -> WorkerReport:
        return cls(
            connected=tally.connected,
            established=established,
            unconnected=unconnected,
            unserved=unserved,
            good=tally.good_life,
            failed=tally.failed_life,
            aborted=tally.aborted,
            bytes=tally.bytes,
            timed=[Timed.of(timings) for timings in tally.timings],
            failed_timed=Timed.of(tally.failed_timings),
            failures=[Failures(**failures) for failures in tally.failures],
            examples=tally.examples,
            seconds_good=dict(tally.seconds_good),
            seconds_failed=dict(tally.seconds_failed),
            evidence=worker,
        )


def latency(parts: Sequence[Timed]) -> Latency | None:
    """All of them together; None where there are none."""
    parts = [part for part in parts if part.count]
    if not parts:
        return None
    whole = hdr.merge([hdr.decode(part.histogram) for part in parts])
    count = sum(part.count for part in parts)
    greatest = max(part.max for part in parts)
    return Latency(
        count=count,
        min=min(part.min for part in parts),
        p50=min(greatest, hdr.percentile(whole, 50)),
        p90=min(greatest, hdr.percentile(whole, 90)),
        p99=min(greatest, hdr.percentile(whole, 99)),
        max=greatest,
        mean=round(sum(part.sum for part in parts) / count, 3),
        histogram=hdr.encode(whole),
    )


def asked(name: str, kind: int, reports: Sequence[WorkerReport]) -> Asked:
    times = latency([report.timed[kind] for report in reports])
    return Asked(
        name=name,
        good=times.count if times else 0,
        failed=sum(report.failures[kind].total for report in reports),
        p50_us=times.p50 if times else 0,
        p99_us=times.p99 if times else 0,
    )


def failures(reports: Sequence[WorkerReport]) -> Failures:
    every = [part.model_dump() for report in reports for part in report.failures]
    return Failures(**{kind: sum(part[kind] for part in every) for kind in Failures.model_fields})


def series(reports: Sequence[WorkerReport], window_s: float) -> tuple[Second, ...]:
    """One entry for each second of the window; the last one may be shorter."""
    last = max(1, -int(-window_s // 1)) - 1
    good = [0] * (last + 1)
    failed = [0] * (last + 1)
    for report in reports:
        for second, count in report.seconds_good.items():
            good[min(second, last)] += count
        for second, count in report.seconds_failed.items():
            failed[min(second, last)] += count
    return tuple(Second(t_s=i, good=good[i], failed=failed[i]) for i in range(last + 1))
