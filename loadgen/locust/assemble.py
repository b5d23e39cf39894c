"""One record of the whole, from what each worker reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from hdrh.histogram import HdrHistogram

from loadgen.engine.report import Timed, WorkerReport
from loadgen.engine.trial_config import TrialConfig
from loadgen.engine.verification import Verified
from loadgen.formats import histogram as hdr
from loadgen.formats.figures import (
    Arrivals,
    Asked,
    Connections,
    Failures,
    Latency,
    Life,
    Second,
    Versions,
    Window,
)
from loadgen.formats.record import LoadRecord
from loadgen.formats.scenario import Scenario
from loadgen.formats.shares import shares


@dataclass(frozen=True)
class Course:
    """How the trial went, as the master saw it."""

    config: TrialConfig
    scenario: Scenario
    scenario_sha256: str
    probes: int
    verified: Verified
    opened_at_s: float
    closed_at_s: float


def assemble(course: Course, reports: Sequence[WorkerReport], versions: Versions) -> LoadRecord:
    config, scenario = course.config, course.scenario
    window_s = course.closed_at_s - course.opened_at_s
    good = sum(step.good for part in reports for step in part.steps)
    failed = failures(reports)
    examples: dict[str, str] = {}
    for part in reports:
        examples = {**part.examples, **examples}
    is_open = config.rate_rps is not None
    return LoadRecord(
        scenario=config.scenario_name,
        scenario_sha256=course.scenario_sha256,
        model=config.model,
        target=config.host,
        path=config.path,
        connection=scenario.connection,
        users=config.users,
        workers=len(reports),
        seed=config.seed,
        loop="open" if is_open else "closed",
        think_s=scenario.think_s,
        rate_rps=config.rate_rps,
        opened_at_s=course.opened_at_s,
        closed_at_s=course.closed_at_s,
        window_s=round(window_s, 6),
        connections=Connections(
            requested=config.users,
            established=sum(part.established for part in reports),
            unconnected=sum(part.unconnected for part in reports),
            unserved=sum(part.unserved for part in reports),
            shares=shares([each for part in reports for each in part.answers]),
        ),
        window=Window(
            requests=good + failed.total,
            good=good,
            failures=failed,
            bytes=sum(step.bytes for part in reports for step in part.steps),
            throughput_rps=round(good / window_s, 3),
        ),
        life=Life(
            connected=course.verified.connected + sum(part.connected for part in reports),
            good=sum(part.good for part in reports),
            failed=sum(part.failed for part in reports),
            generator=sum(part.generator for part in reports),
            aborted=sum(part.aborted for part in reports),
            probes=course.probes,
            verified=course.verified.answers,
        ),
        latency_us=latency([timed for part in reports for timed in part.timed]),
        service_us=latency([part.service for part in reports]),
        first_byte_us=latency([part.first_byte for part in reports]),
        connect_us=latency([part.connect for part in reports]),
        failure_latency_us=latency([part.failed_timed for part in reports]),
        arrivals=arrivals(reports, scenario, window_s, good) if is_open else None,
        failure_examples=examples,
        requests=tuple(
            asked(request.name, kind, reports) for kind, request in enumerate(scenario.requests)
        ),
        series=series(reports),
        load_workers=tuple(part.evidence for part in reports),
        versions=versions,
    )


def latency(parts: Sequence[Timed]) -> Latency | None:
    """All of them together; None where there are none."""
    parts = [part for part in parts if part.count]
    if not parts:
        return None
    whole = merged(parts)
    count = sum(part.count for part in parts)
    return Latency(
        count=count,
        min=min(part.min for part in parts),
        p50=hdr.percentile(whole, 50),
        p90=hdr.percentile(whole, 90),
        p99=hdr.percentile(whole, 99),
        max=max(part.max for part in parts),
        mean=round(sum(part.sum for part in parts) / count, 3),
        histogram=hdr.encode(whole),
    )


def merged(parts: Sequence[Timed]) -> HdrHistogram:
    return hdr.merge(hdr.decode(each.histogram, each.min, each.max) for each in parts if each.count)


def arrivals(
    reports: Sequence[WorkerReport], scenario: Scenario, window_s: float, finished: int
) -> Arrivals:
    parts = [part.arrivals for part in reports if part.arrivals is not None]
    due = sum(part.due for part in parts)
    return Arrivals(
        process=scenario.arrivals,
        due=due,
        offered_rps=round(due / window_s, 3),
        achieved_rps=round(finished / window_s, 3),
        good=sum(timed.count for part in reports for timed in part.timed),
        failed=failures(reports).total,
        dropped=sum(part.dropped for part in parts),
        cut=sum(part.cut for part in parts),
        queued=sum(part.queued for part in parts),
        in_flight_mean=round(sum(part.in_flight_mean for part in parts), 3),
        in_flight_max=sum(part.in_flight_max for part in parts),
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
    every = [part.model_dump() for part in chain.from_iterable(r.failures for r in reports)]
    return Failures(**{kind: sum(part[kind] for part in every) for kind in Failures.model_fields})


def series(reports: Sequence[WorkerReport]) -> tuple[Second, ...]:
    """The workers' steps laid over each other: they have the same edges."""
    seconds = []
    for number, steps in enumerate(zip(*(report.steps for report in reports), strict=True)):
        whole = merged([step.times for step in steps])
        seconds.append(
            Second(
                t_s=round(number * reports[0].step_s, 6),
                good=sum(step.good for step in steps),
                failed=sum(step.failed for step in steps),
                p50_us=hdr.percentile(whole, 50) if whole.get_total_count() else None,
                p99_us=hdr.percentile(whole, 99) if whole.get_total_count() else None,
                in_flight=sum(step.in_flight for step in steps),
            )
        )
    return tuple(seconds)
