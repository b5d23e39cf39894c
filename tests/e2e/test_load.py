"""The load engine in its containers: rates, connections, several workers, and being starved."""

from __future__ import annotations

from collections.abc import Callable

import docker
import pytest

from lab.analysis import found_rate
from lab.analysis.bottleneck import lateness
from lab.analysis.server_cpu import over_window
from lab.analysis.thresholds import SERVER_FULL
from tests.e2e.conftest import Lab, container, folder_of, reported
from tests.e2e.test_runs import is_sound

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
Start = Callable[..., Lab]
Write = Callable[..., str]
# Both end with the worker's container, whose processes they are; the bound is for a test that dies.
SPIN = "import time; end = time.monotonic() + 300\nwhile time.monotonic() < end: pass"
# A tenth of the CPU, 4 ms in one piece: who shares it is late, and has strength left.
NOW_AND_THEN = """
import time
end = time.monotonic() + 300
while time.monotonic() < end:
    until = time.monotonic() + 0.004
    while time.monotonic() < until: pass
    time.sleep(0.036)
"""


def test_an_open_loop_offers_its_rates_and_answers_them(lab: Start, scenario: Write) -> None:
    path = scenario("connection: keep-alive", "window: 2s")
    words = ("--model", "epoll", "--scenario", path, "--rate", "200,400")
    status, said = lab("bench", *words).end()
    assert status == 0, said
    found = reported(said)
    is_sound(found)
    assert [cell.rate_rps for cell in found.cells] == [200.0, 400.0]
    for result in found.results:
        load = result.load
        assert load is not None
        assert load.arrivals is not None
        assert load.arrivals.due == load.arrivals.good
        assert load.arrivals.offered_rps == pytest.approx(load.rate_rps, rel=0.25)  # Poisson
        assert load.latency_us is not None
        assert load.service_us is not None
        assert load.service_us.p50 <= load.latency_us.p50
        assert load.load_workers[0].send_lag_p99_us is not None
    assert "offered/s" in said


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_two_workers_count_what_the_server_counts(
    lab: Start, scenario: Write, connection: str
) -> None:
    path = scenario(f"connection: {connection}", "window: 2s", "users: 40")
    words = ("--model", "epoll", "--scenario", path, "--workers", "2")
    status, said = lab("bench", *words).end()
    assert status == 0, said
    found = reported(said)
    is_sound(found)
    load = found.results[0].load
    assert load is not None
    assert [worker.users for worker in load.load_workers] == [20, 20]
    assert load.connections.shares is not None
    assert load.connections.shares.served == 40


def test_a_worker_without_a_user_takes_no_arrivals(lab: Start, scenario: Write) -> None:
    path = scenario("connection: keep-alive", "window: 2s", "users: 1", "arrivals: constant")
    words = ("--model", "epoll", "--scenario", path, "--rate", "200", "--workers", "2")
    status, said = lab("bench", *words).end()
    assert status == 0, said
    load = reported(said).results[0].load
    assert load is not None
    assert load.arrivals is not None
    assert (load.arrivals.due, load.arrivals.dropped) == (400, 0)


def test_three_thousand_connections_are_made_and_served(lab: Start, scenario: Write) -> None:
    path = scenario("connection: keep-alive", "window: 2s", "users: 3000")
    status, said = lab("bench", "--model", "epoll", "--scenario", path).end()
    assert status == 0, said
    load = reported(said).results[0].load
    assert load is not None
    assert (load.connections.established, load.connections.unserved) == (3_000, 0)


def test_a_starved_generator_is_told_and_not_ranked(
    lab: Start, scenario: Write, client: docker.DockerClient
) -> None:
    """A neighbour that never rests has half of the worker's CPU."""
    path = scenario("connection: keep-alive", "window: 2s")
    running = lab("bench", "--model", "epoll", "--scenario", path)
    worker = container(client, "locust-worker")
    worker.exec_run(["/opt/load/bin/python", "-c", SPIN], detach=True)
    _, said = running.end()
    found = reported(said)
    [result] = found.results
    assert result.judgement.limit in ("generator", "both"), said
    assert not found.cells[0].ranks
    assert "waited for a CPU" in said


def test_a_late_generator_takes_nothing_from_a_server_that_is_full(
    lab: Start, scenario: Write, client: docker.DockerClient
) -> None:
    """In the second of two trials it is late."""
    path = scenario("connection: keep-alive", "users: 50", "window: 2s", "trials: 2")
    running = lab("bench", "--model", "threaded", "--scenario", path)
    container(client, "locust-worker").wait()
    worker = container(client, "locust-worker")
    worker.exec_run(["/opt/load/bin/python", "-c", NOW_AND_THEN], detach=True)
    status, said = running.end()
    assert status == 0, said
    punctual, late = reported(said).results
    assert punctual.load is not None
    assert late.load is not None
    # The first may be as late, where a neighbour took the CPU: only what was put in is asserted.
    found = late.judgement.bottleneck
    assert found is not None
    assert lateness(found.generator) is not None, said
    assert late.load.window.throughput_rps > 0.7 * punctual.load.window.throughput_rps, said
    used = over_window(late.server)
    assert used is not None
    if used.share >= SERVER_FULL:  # unless a neighbour took its CPU
        assert late.judgement.limit == "server", said


def test_a_search_tells_what_it_found(lab: Start, scenario: Write) -> None:
    path = scenario("connection: keep-alive", "window: 1s", "find: {p99_ms: 500, trials: 3}")
    _, said = lab("bench", "--model", "epoll", "--scenario", path).end()
    sought = found_rate.read(folder_of(said))
    assert sought is not None
    [found] = sought.findings
    assert [tried.rate_rps for tried in found.tried][:2] == [1_000.0, 2_000.0]
    assert "p99 within 500 ms" in said
