"""One record is made of the workers' reports, and nothing is lost on the way."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadgen.engine.counters import count
from loadgen.engine.report import Timed, WorkerReport, worker_report
from loadgen.formats.histogram import decode
from loadgen.locust.assemble import latency
from tests.loadgen.records import OPENS_AT_S, QUIET, record, report, tally


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
        "shares": {"served": 2, "min": 0, "median": 0.5, "max": 3, "jain": 0.4},
    }
    assert made.life.model_dump() == {
        "connected": 18,
        "good": 4,
        "failed": 1,
        "generator": 0,
        "aborted": 0,
        "probes": 3,
        "verified": 4,
    }
    assert made.latency_us is not None
    assert (made.latency_us.min, made.latency_us.max) == (100, 50_000)
    assert (made.latency_us.p50, made.latency_us.p99) == (201, 50_000)
    assert made.latency_us.mean == pytest.approx(12650.25)
    assert decode(made.latency_us.histogram, 100, 50_000).get_total_count() == 4
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


def test_seconds_tell_their_own_percentiles(tmp_path: Path) -> None:
    many = [*range(1, 100), 1_000_000]
    made = record(tmp_path, report("worker-0", many[:50]), report("worker-1", many[50:]))
    assert (made.series[1].p50_us, made.series[1].p99_us) == (50, 99)
    assert (made.series[0].p50_us, made.series[0].in_flight) == (None, 6)


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(1, 60_000_000), max_size=30), min_size=2, max_size=3))
def test_merged_is_the_histogram_of_all(parts: list[list[int]]) -> None:
    merged = latency([Timed.of(Counter(part)) for part in parts])
    whole = latency([Timed.of(Counter(each for part in parts for each in part))])
    assert merged == whole


def test_answers_in_pieces_have_a_first_byte_of_their_own() -> None:
    made, [ask, _] = tally()
    made.roll(OPENS_AT_S)
    for took_s in (0.001, 0.002, 0.1):
        count(ask.times_us, took_s)
    made.in_pieces(100.0, 100.0, 100.03, 100.1)
    made.finish()
    shipped = worker_report(
        made, [QUIET] * 3, name="w", established=1, unconnected=0, unserved=0, answers=[3]
    )
    assert (shipped.service.count, shipped.service.max) == (3, 100_000)
    assert (shipped.first_byte.count, shipped.first_byte.max) == (3, 30_000)
