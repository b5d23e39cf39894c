"""Reports and errands to make records of, for tests."""

from __future__ import annotations

from pathlib import Path

from loadgen.assemble import Course, assemble
from loadgen.errand import Errand, from_environment
from loadgen.figures import LoadWorker, Versions
from loadgen.record import LoadRecord
from loadgen.report import WorkerReport
from loadgen.scenario import digest, parse
from loadgen.tally import Tally
from loadgen.verification import Verified

TEXT = "about: x\nrequests: [{get: /a}, {get: /b}]\n"


def errand(folder: Path, **more: str) -> Errand:
    (folder / "some.yml").write_text(TEXT)
    environment = {
        "TRIAL": str(folder),
        "SCENARIO": str(folder / "some.yml"),
        "TARGET": "127.0.0.1:8007",
        "MODEL": "epoll",
        "USERS": "4",
    }
    return from_environment(environment | more)


def report(
    name: str, latencies_us: list[int], *, failures_us: list[int] | None = None
) -> WorkerReport:
    """All in a window from 100.0 to 102.5: even latencies asked for /a, odd ones for /b."""
    tally = Tally(2)
    tally.opens_at_s, tally.closes_at_s = 100.0, 102.5
    for each in latencies_us:
        tally.good(each % 2, 101.0 - each / 1e6, 101.0, 700)
    for each in failures_us or []:
        tally.failed(1, "timeout", "GET /b: no answer in time", 102.4 - each / 1e6, 102.4)
    tally.connected = 7
    evidence = LoadWorker(
        name=name,
        users=2,
        cpu_s=1,
        cpu_share=0.4,
        run_delay_s=0,
        loop_lag_p99_us=1,
        loop_lag_max_us=2,
    )
    return WorkerReport.of(tally, established=2, unconnected=0, unserved=1, worker=evidence)


def record(folder: Path, *reports: WorkerReport) -> LoadRecord:
    course = Course(
        errand=errand(folder),
        scenario=parse(TEXT),
        scenario_sha256=digest(TEXT),
        probes=3,
        verified=Verified((1, 2), 4, 4),
        opened_at_s=100.0,
        closed_at_s=102.5,
    )
    return assemble(course, reports, Versions(python="3", locust="2", gevent="26"))
