"""All users of a worker: the ramp, who is never served, the drain, and what is counted."""

from __future__ import annotations

import gc
import socket
import time

import gevent
import pytest

from loadgen.engine import user_pool as pool_module
from tests.loadgen.faulty import faulty
from tests.loadgen.lives import load, pool, scenario


def test_users_whom_a_pool_never_serves_are_no_failures() -> None:
    with faulty(seats=2) as server:
        started = time.monotonic()
        report = load(
            server.address, connection="keep-alive", users=6, timeout="100ms", window_s=0.4
        )
        assert time.monotonic() - started < 2, "nobody waits for them"
        assert (report.established, report.unconnected, report.unserved) == (6, 0, 4)
        assert (report.failed, report.aborted) == (0, 4)
        assert report.good == server.answered
        assert report.connected == 6


def test_once_served_a_silent_server_is_a_timeout() -> None:
    requests = "[{get: /ok}, {get: /hang}]"
    with faulty() as server:
        report = load(
            server.address,
            requests,
            connection="keep-alive",
            timeout="100ms",
            users=8,
            window_s=0.6,
            lengths=[-1, -1],
        )
    assert report.failures[1].timeout > 0
    assert report.failures[0].total == 0
    assert report.good > 0


def test_nobody_fires_before_all_are_connected() -> None:
    with faulty() as server:
        made = pool(server.address, scenario("[{get: /ok}]", "keep-alive", "1s"), users=300)
        gevent.sleep(0.05)
        assert (made.established, made.tally.connected, server.answered) == (300, 300, 0)


def test_who_is_not_connected_in_time_takes_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "RAMP_S", 0.3)
    with socket.socket() as listener:  # a full backlog: further SYNs are not answered
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        report = load(listener.getsockname(), connection="keep-alive", users=5, timeout="200ms")
    assert report.established + report.unconnected == 5
    assert report.unconnected >= 3
    assert report.unserved == report.aborted == report.established
    assert report.connected == report.established
    assert report.failed == 0


def test_refused_in_the_ramp_is_unconnected() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    report = load(address, connection="keep-alive")
    assert (report.established, report.unconnected, report.connected) == (0, 4, 0)
    assert (report.good, report.failed, report.aborted, report.unserved) == (0, 0, 0, 0)


def test_what_outlasts_the_drain_is_aborted() -> None:
    with faulty() as server:
        report = load(
            server.address,
            "[{get: /slow/1000}]",
            users=3,
            window_s=0.1,
            timeout="300ms",
            warmup_s=0,
        )
    assert report.good == 0
    assert report.failed + report.aborted == 3


def test_the_mix_follows_its_weights_and_its_seed() -> None:
    requests = "[{get: /ok, weight: 9}, {get: /health, weight: 1}]"
    with faulty() as server:
        report = load(server.address, requests, connection="keep-alive", lengths=[615, 2])
    counts = [timed.count for timed in report.timed]
    assert report.failed == 0
    assert 0.8 < counts[0] / sum(counts) < 0.97


def test_the_collector_is_back_afterwards() -> None:
    with faulty() as server:
        report = load(server.address)
    assert gc.isenabled()
    worker = report.evidence
    assert (worker.name, worker.users) == ("worker-0", 4)
    assert worker.cpu_share > 0
    assert worker.cpu_s > 0
    assert worker.loop_lag_max_us >= worker.loop_lag_p99_us
