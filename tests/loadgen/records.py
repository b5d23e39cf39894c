"""Reports and config to make records of, for tests."""

from __future__ import annotations

from pathlib import Path

from loadgen.engine.counters import count
from loadgen.engine.evidence import Evidence
from loadgen.engine.mix import Ask, asks
from loadgen.engine.report import WorkerReport, worker_report
from loadgen.engine.tally import Tally
from loadgen.engine.trial_config import TrialConfig, from_environment
from loadgen.engine.verification import Verified
from loadgen.formats.figures import Versions
from loadgen.formats.record import LoadRecord
from loadgen.formats.scenario_reader import digest, parse
from loadgen.locust.assemble import Course, assemble

TEXT = "about: x\nrequests: [{get: /a}, {get: /b}]\n"
OPENS_AT_S, CLOSES_AT_S = 100.0, 102.5
QUIET = Evidence(
    wall_s=1, cpu_s=0.4, run_delay_s=0.001, lags_us=[1, 2], steal_s=0.0, pressure_s=None
)


def config(folder: Path, **more: str) -> TrialConfig:
    (folder / "some.yml").write_text(TEXT)
    environment = {
        "TRIAL": str(folder),
        "SCENARIO": str(folder / "some.yml"),
        "TARGET": "127.0.0.1:8007",
        "MODEL": "epoll",
        "USERS": "4",
    }
    return from_environment(environment | more)


def tally(*, is_open: bool = False) -> tuple[Tally, list[Ask]]:
    """With its window planned, and the requests that it counts."""
    requests = asks(parse(TEXT).requests, "test", close=True)
    made = Tally(requests, is_open=is_open, keep_alive=False)
    made.plan(OPENS_AT_S, CLOSES_AT_S, lambda _: None, lambda: 3)
    return made, requests


def report(
    name: str,
    latencies_us: list[int],
    *,
    failures_us: list[int] | None = None,
    answers: list[int] | None = None,
) -> WorkerReport:
    """All at 101.0, in the second step: even latencies asked for /a, odd ones for /b."""
    made, requests = tally()
    made.roll(101.0)
    for each in latencies_us:
        ask = requests[each % 2]
        count(ask.times_us, each / 1e6)
        ask.bytes += 700
    for each in failures_us or []:
        made.failed(requests[1], "timeout", "no answer in time", 102.4 - each / 1e6, 102.4)
    made.connected = 7
    made.finish()
    return worker_report(
        made,
        [QUIET] * made.window_steps,
        name=name,
        established=2,
        unconnected=0,
        unserved=1,
        answers=answers or [len(latencies_us), 0],
    )


def record(folder: Path, *reports: WorkerReport) -> LoadRecord:
    course = Course(
        config=config(folder),
        scenario=parse(TEXT),
        scenario_sha256=digest(TEXT),
        probes=3,
        verified=Verified((1, 2), 4, 4),
        opened_at_s=OPENS_AT_S,
        closed_at_s=CLOSES_AT_S,
    )
    return assemble(course, reports, Versions(python="3", locust="2", gevent="26"))
