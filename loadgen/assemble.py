"""One record of the whole, from what each worker reported. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loadgen import report
from loadgen.errand import Errand
from loadgen.figures import Connections, Life, Versions, Window
from loadgen.record import LoadRecord
from loadgen.report import WorkerReport
from loadgen.scenario import Scenario
from loadgen.verification import Verified


@dataclass(frozen=True)
class Course:
    """How the trial went, as the master saw it."""

    errand: Errand
    scenario: Scenario
    scenario_sha256: str
    probes: int
    verified: Verified
    opened_at_s: float
    closed_at_s: float


def assemble(course: Course, reports: Sequence[WorkerReport], versions: Versions) -> LoadRecord:
    errand, scenario = course.errand, course.scenario
    latency = report.latency([timed for part in reports for timed in part.timed])
    good = latency.count if latency else 0
    failures = report.failures(reports)
    window_s = course.closed_at_s - course.opened_at_s
    examples: dict[str, str] = {}
    for part in reports:
        examples = {**part.examples, **examples}
    return LoadRecord(
        scenario=errand.scenario_name,
        scenario_sha256=course.scenario_sha256,
        model=errand.model,
        target=errand.host,
        path=errand.path,
        connection=scenario.connection,
        users=errand.users,
        workers=len(reports),
        seed=errand.seed,
        opened_at_s=course.opened_at_s,
        closed_at_s=course.closed_at_s,
        window_s=round(window_s, 6),
        connections=Connections(
            requested=errand.users,
            established=sum(part.established for part in reports),
            unconnected=sum(part.unconnected for part in reports),
            unserved=sum(part.unserved for part in reports),
        ),
        window=Window(
            requests=good + failures.total,
            good=good,
            failures=failures,
            bytes=sum(part.bytes for part in reports),
            throughput_rps=round(good / window_s, 3),
        ),
        life=Life(
            connected=course.verified.connected + sum(part.connected for part in reports),
            good=sum(part.good for part in reports),
            failed=sum(part.failed for part in reports),
            aborted=sum(part.aborted for part in reports),
            probes=course.probes,
            verified=course.verified.answers,
        ),
        latency_us=latency,
        failure_latency_us=report.latency([part.failed_timed for part in reports]),
        failure_examples=examples,
        requests=tuple(
            report.asked(request.name, kind, reports)
            for kind, request in enumerate(scenario.requests)
        ),
        series=report.series(reports, round(window_s, 6)),
        load_workers=tuple(part.evidence for part in reports),
        versions=versions,
    )
