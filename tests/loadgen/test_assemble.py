"""One record is made of the workers' reports, and nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadgen.histogram import decode
from loadgen.report import WorkerReport
from loadgen.tally import Tally
from tests.loadgen.records import record, report


def test_two_workers_are_one_record(tmp_path: Path) -> None:
    one = report("worker-0", [100, 201, 300], failures_us=[2_000_000])
    other = report("worker-1", [50_000])
    made = record(tmp_path, one, other)
    assert (made.model, made.scenario, made.users, made.workers) == ("epoll", "some", 4, 2)
    assert made.window.good == 4
    assert made.window.failures.timeout == 1
    assert (made.window.requests, made.window.throughput_rps) == (5, 1.6)
    assert made.window.bytes == 4 * 700
    assert made.connections.model_dump() == {
        "requested": 4,
        "established": 4,
        "unconnected": 0,
        "unserved": 2,
        "shares": None,
    }
    assert made.life.model_dump() == {
        "connected": 18,
        "good": 4,
        "failed": 1,
        "aborted": 0,
        "probes": 3,
        "verified": 4,
    }
    assert made.latency_us is not None
    assert (made.latency_us.min, made.latency_us.max) == (100, 50_000)
    assert (made.latency_us.p50, made.latency_us.p99) == (201, 50_000)
    assert made.latency_us.mean == pytest.approx(12650.25)
    assert decode(made.latency_us.histogram).get_total_count() == 4
    assert made.failure_latency_us is not None
    assert made.failure_latency_us.max == 2_000_000
    assert made.failure_examples == {"timeout": "GET /b: no answer in time"}
    assert [(each.name, each.good, each.failed) for each in made.requests] == [
        ("GET /a", 3, 0),
        ("GET /b", 1, 1),
    ]
    assert [(each.t_s, each.good, each.failed) for each in made.series] == [
        (0, 0, 0),
        (1, 4, 0),
        (2, 0, 1),
    ]


def test_a_window_without_good_answers(tmp_path: Path) -> None:
    made = record(tmp_path, report("worker-0", []))
    assert made.latency_us is None
    assert made.failure_latency_us is None
    assert made.window.throughput_rps == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(1, 10_000_000), max_size=20), min_size=1, max_size=3))
def test_nothing_is_lost_between_workers(tmp_path: Path, latencies_us: list[list[int]]) -> None:
    made = record(tmp_path, *(report(f"w{i}", each) for i, each in enumerate(latencies_us)))
    every = [each for part in latencies_us for each in part]
    assert made.window.good == len(every) == sum(each.good for each in made.series)
    if made.latency_us is not None:
        assert (made.latency_us.min, made.latency_us.max) == (min(every), max(every))
        assert made.latency_us.mean == pytest.approx(sum(every) / len(every), abs=0.01)


def test_a_report_survives_its_way_to_the_master() -> None:
    sent = report("worker-0", [1, 2, 3], failures_us=[7])
    arrived = json.loads(json.dumps(sent.model_dump(mode="json")))
    assert WorkerReport.model_validate(arrived) == sent


def test_the_window_is_closed_at_its_start_and_open_at_its_end() -> None:
    tally = Tally(1)
    tally.opens_at_s, tally.closes_at_s = 10.0, 11.0
    for ended_s in (9.999, 10.0, 10.999, 11.0):
        tally.good(0, 9.0, ended_s, 1)
    assert sum(tally.timings[0].counts.values()) == 2
    assert tally.good_life == 4
