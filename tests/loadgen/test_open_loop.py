"""The open loop on real sockets: who waits, who is dropped, and from when time counts."""

from __future__ import annotations

import socket
import threading
import time

import gevent
import pytest

from loadgen.engine.clock import clock
from loadgen.engine.load import Part
from loadgen.engine.report import WorkerReport
from loadgen.engine.user_pool import UserPool
from tests.loadgen.faulty import FaultyServer, faulty
from tests.loadgen.lives import load, scenario

CONSTANT = "arrivals: constant\n"


def offered(server: FaultyServer, requests: str, rate_rps: float, **more: object) -> WorkerReport:
    options: dict[str, object] = {"connection": "keep-alive", "more": CONSTANT, "lengths": [-1]}
    return load(server.address, requests, rate_rps=rate_rps, **(options | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_what_is_offered_is_achieved(connection: str) -> None:
    with faulty() as server:
        report = offered(server, "[{get: /ok}]", 200, window_s=0.5, connection=connection)
        arrivals = report.arrivals
        assert arrivals is not None
        assert arrivals.due == report.timed[0].count == 100
        assert (arrivals.dropped, arrivals.cut, report.failed) == (0, 0, 0)
        assert report.good == server.answered == 110, "and those of the warm-up"
        assert report.connected == server.accepted
        assert report.evidence.send_lag_p99_us is not None


def test_a_wait_for_a_connection_is_part_of_the_response_time() -> None:
    """One connection, 20 ms of service, an arrival every 10 ms: the line grows by half of them."""
    with faulty() as server:
        report = offered(server, "[{get: /slow/20}]", 100, users=1, window_s=0.4, warmup_s=0)
    assert report.arrivals is not None
    assert report.arrivals.due == report.timed[0].count == 40
    assert report.arrivals.queued >= 35
    assert report.service.max < 100_000
    assert 300_000 < report.timed[0].max < 900_000
    assert report.arrivals.in_flight_max >= 15


def test_a_line_of_two_seconds_is_full() -> None:
    """One connection hangs, 40 wait in line, and most of the last ten find it full."""
    with faulty() as server:
        report = offered(
            server, "[{get: /hang}]", 20, users=1, window_s=2.5, timeout="2s", warmup_s=0
        )
    arrivals = report.arrivals
    assert arrivals is not None
    assert arrivals.due == 50
    assert 7 <= arrivals.dropped <= 9, "one or two timeouts made room"
    assert arrivals.in_flight_max == 41
    assert 1 <= report.failed <= 2
    assert arrivals.due == arrivals.dropped + arrivals.cut + report.failed
    assert (report.good, report.aborted) == (0, 1)


def test_a_stall_shows_in_the_response_times_alone() -> None:
    """0.3 s without an answer within a second: three arrivals in ten wait, 0.15 s on average."""
    with faulty() as server:
        began_s = time.monotonic()

        def stall() -> None:
            time.sleep(max(0.0, began_s + 0.4 - time.monotonic()))
            with server._lock:
                time.sleep(0.3)

        threading.Thread(target=stall).start()
        report = offered(server, "[{get: /ok}]", 300, users=4, window_s=1.0)
    assert report.timed[0].count == 300
    assert report.timed[0].sum / 300 == pytest.approx(45_000, rel=0.35)
    waited = report.service.sum / 300
    assert waited < 15_000, "only the four in flight saw it"


def test_a_dead_server_costs_no_recursion() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    report = load(address, rate_rps=2000, users=2, window_s=0.5, timeout="200ms", more=CONSTANT)
    assert report.arrivals is not None
    assert report.good == 0
    assert report.arrivals.due == 1000
    assert sum(each.total for each in report.failures) > 0
    assert report.arrivals.cut > 0, "those in line when the drain ended"


def test_arrivals_follow_the_weights() -> None:
    requests = "[{get: /ok, weight: 3}, {get: /health, weight: 1}]"
    with faulty() as server:
        report = offered(server, requests, 400, lengths=[615, 2], window_s=0.5)
    counts = [timed.count for timed in report.timed]
    assert sum(counts) == 200
    assert 0.6 < counts[0] / 200 < 0.9


def test_two_workers_and_one_user_lose_no_arrival() -> None:
    """The worker without a connection is dealt none, and drops none."""
    with faulty() as server:
        both = []
        for worker, users in enumerate((1, 0)):
            asked = scenario("[{get: /ok}]", "keep-alive", "2s", CONSTANT)
            part = Part(1, "seed", worker=worker, rate_rps=100.0)
            made = UserPool(server.address, "test", asked, part)
            for _ in range(users):
                made.add_user()
            gevent.sleep(0.05)
            now_s = clock()
            made.perform([-1], [1, 0], now_s, now_s, now_s + 0.3)
            both.append(made.report(f"worker-{worker}").arrivals)
    busy, idle = both
    assert busy is not None
    assert idle is not None
    assert (busy.due, busy.dropped, busy.cut) == (30, 0, 0)
    assert (idle.due, idle.dropped, idle.cut) == (0, 0, 0)


def test_what_comes_due_while_the_loop_is_held_up_beyond_the_window_is_sent() -> None:
    with faulty() as server:
        gevent.spawn_later(0.4, time.sleep, 0.3)  # the window closes at 0.6, and four are due
        report = offered(server, "[{get: /ok}]", 20, window_s=0.5)
    assert report.arrivals is not None
    assert (report.arrivals.due, report.arrivals.cut, report.good) == (10, 0, 11)
