"""Load from several hosts: two daemons on one machine, and each way that the second can fail."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from lab.containers import cleanup
from lab.run.session import PROJECT_NAME
from tests.e2e import second_host
from tests.e2e.conftest import RESULTS, Lab, folder_of, reported, wait_for_fire
from tests.e2e.second_host import HERE, SHIFT_S, SecondHost

WHY_NOT = second_host.obstacle()
pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(600),
    pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT)),
]
Start = Callable[..., Lab]
Write = Callable[..., str]
CLEAR_END_S = 30


@pytest.fixture(scope="module")
def host(built: None) -> Iterator[SecondHost]:
    with second_host.second_host() as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_left_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither a container there, nor a host that is noted as one to be cleared."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    yield
    assert not (tmp_path / "serverlab" / "load-hosts").exists()


def over(host: SecondHost, *, here: int = 0, there: int = 1) -> list[str]:
    names = ([f"default:{here}"] if here else []) + ([f"{host.name}:{there}"] if there else [])
    return ["--hosts", ",".join(names), "--address", HERE]


def left_there(host: SecondHost) -> list[str]:
    return [str(each.name) for each in cleanup.containers(host.client, PROJECT_NAME)]


def test_a_table_whose_counts_agree_and_a_page_that_names_both_hosts(
    lab: Start, scenario: Write, host: SecondHost
) -> None:
    path = scenario("connection: keep-alive", "users: 16", "window: 3s")
    status, said = lab("bench", "--model", "epoll", "--scenario", path, *over(host, here=1)).end(
        300
    )
    assert status == 0, said
    assert f"open while a trial lasts, to all who reach {HERE}: ports 5557, 8007" in said
    assert "bringing serverlab-loadgen" in said
    found = reported(said)
    [result] = found.results
    assert result.load is not None
    assert (result.load.path, result.load.workers) == ("outside", 2)
    assert result.judgement.verdict == "valid", said  # or the counts of both sides would differ
    theirs, ours = sorted(result.load.load_workers, key=lambda each: each.host == "default")
    assert (ours.host, theirs.host) == ("default", host.name)
    assert (ours.users, theirs.users) == (8, 8)
    assert ours.clock_offset_s == 0.0
    assert theirs.clock_offset_s is not None
    assert theirs.clock_bound_s is not None
    assert abs(theirs.clock_offset_s - SHIFT_S) <= theirs.clock_bound_s < 0.01
    page = (folder_of(said).path / "report.html").read_text()
    assert f"load host {host.name}" in page
    assert "load host default" in page
    assert left_there(host) == []


def test_half_of_the_load_from_there_is_as_much_as_all_of_it_from_here(
    lab: Start, scenario: Write, host: SecondHost
) -> None:
    """A closed loop well below saturation: its rate is that of its users."""
    path = scenario("connection: keep-alive", "users: 40", "think: 40ms", "window: 4s")
    rates = []
    for split in (over(host, here=1), over(host, here=2, there=0)):
        status, said = lab("bench", "--model", "epoll", "--scenario", path, *split).end(300)
        assert status == 0, said
        [result] = reported(said).results
        assert result.load is not None
        rates.append(result.load.window.throughput_rps)
    assert rates[0] == pytest.approx(rates[1], rel=0.02)


def test_64_workers_come_within_a_minute(lab: Start, scenario: Write, host: SecondHost) -> None:
    path = scenario("connection: keep-alive", "users: 64", "think: 1s", "window: 3s")
    running = lab("bench", "--model", "epoll", "--scenario", path, *over(host, there=64))
    status, said = running.end(300)
    assert status == 0, said
    [result] = reported(said).results
    assert result.load is not None
    assert [each.users for each in result.load.load_workers] == [1] * 64
    assert result.server.marks_s["announced"] < 60


def test_a_full_link_is_told_and_not_ranked(lab: Start, scenario: Write, host: SecondHost) -> None:
    path = Path(scenario("connection: keep-alive", "users: 20", "window: 3s"))
    asked, _, _ = path.read_text().partition("requests:")
    path.write_text(asked + "requests:\n  - {get: /1mb.bin}\n")
    with host.narrow_link(megabits=200):
        status, said = lab("bench", "--model", "epoll", "--scenario", str(path), *over(host)).end(
            300
        )
    assert status == 0, said
    found = reported(said)
    [result] = found.results
    assert result.judgement.limit == "network", said
    assert not found.cells[0].ranks
    assert f"the link to {host.name}" in said
    [link] = result.server.links
    assert link.bytes_per_s == pytest.approx(200e6 / 8, rel=0.15)


def test_ctrl_c_leaves_nothing_there(
    lab: Start, scenario: Write, client: docker.DockerClient, host: SecondHost
) -> None:
    running = lab("bench", "--model", "epoll", "--scenario", scenario("window: 20s"), *over(host))
    wait_for_fire(client)
    assert left_there(host) != []
    running.press()
    status, said = running.end()
    assert status == 130, said
    assert left_there(host) == []


def test_what_a_kill_left_there_the_next_command_removes(
    lab: Start, scenario: Write, client: docker.DockerClient, host: SecondHost
) -> None:
    running = lab("bench", "--model", "epoll", "--scenario", scenario("window: 20s"), *over(host))
    wait_for_fire(client)
    running.press(signal.SIGKILL)
    running.end()
    assert left_there(host) != []
    status, said = lab("down").end()
    assert status == 0, said
    assert left_there(host) == []


def test_the_doctor_looks_at_each_host(lab: Start, host: SecondHost) -> None:
    status, said = lab("doctor", *over(host)).end()
    assert status == 0, said
    assert f"it reaches ports 5557 and 8001 to 8007 of {HERE}" in said
    status, said = lab("doctor", "--hosts", f"{host.name},unix:///no/such.sock").end()
    assert status == 1
    assert "the routes to the load hosts do not tell one address" in said
    assert "load host unix:///no/such.sock: the Docker daemon is not running" in said


def test_a_full_disk_there_is_told_and_earlier_trials_are_kept(
    lab: Start, scenario: Write, client: docker.DockerClient, host: SecondHost
) -> None:
    path = scenario("window: 15s", "trials: 3")  # to fill 3 GB takes seconds
    running = lab("bench", "--model", "epoll", "--scenario", path, *over(host))
    wait_for_fire(client)
    with host.full_disk():
        began_s = time.monotonic()
        status, said = running.end()
    assert status == 1, said
    assert f"load host {host.name}" in said
    assert "disk is full" in said or "no space left" in said
    assert time.monotonic() - began_s < CLEAR_END_S
    assert len(reported(said).results) == 1
    assert left_there(host) == []


def test_a_lost_network_ends_the_run_with_the_hosts_name(
    lab: Start, scenario: Write, client: docker.DockerClient, host: SecondHost
) -> None:
    path = scenario("window: 5s", "trials: 3")
    before = set(RESULTS.glob("2*/trials/001-*/server.json"))
    running = lab("bench", "--model", "epoll", "--scenario", path, *over(host))
    while not set(RESULTS.glob("2*/trials/001-*/server.json")) - before:
        time.sleep(0.1)
    wait_for_fire(client)
    host.lose_network()
    lost_at_s = time.monotonic()
    try:
        status, said = running.end()
    finally:
        host.have_network()
    assert time.monotonic() - lost_at_s < CLEAR_END_S
    assert status == 1, said
    assert "silent" in said
    assert f"load host {host.name} cannot reach {HERE}:5557" in said
    first, second = reported(said).results
    assert (first.judgement.verdict, second.server.outcome) == ("valid", "failed")
    assert left_there(host) == []


def test_a_killed_daemon_ends_the_run_with_the_hosts_name(
    lab: Start,
    scenario: Write,
    client: docker.DockerClient,
    tmp_path: Path,
    host: SecondHost,
) -> None:
    """The last of these tests: the host is of no use afterwards."""
    running = lab("bench", "--model", "epoll", "--scenario", scenario("window: 20s"), *over(host))
    wait_for_fire(client)
    host.kill()
    killed_at_s = time.monotonic()
    status, said = running.end()
    assert time.monotonic() - killed_at_s < CLEAR_END_S
    assert status == 1, said
    assert host.name in said
    assert "ends by itself within a minute" in said
    noted = tmp_path / "serverlab" / "load-hosts"
    assert noted.read_text().split() == [host.name]
    os.unlink(noted)
