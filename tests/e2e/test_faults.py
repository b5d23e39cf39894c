"""Runs that go wrong: a clear message, a true exit status, nothing left, what was written kept."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections.abc import Callable

import docker
import pytest

from lab.host.only_one import only_lab
from tests.e2e.conftest import RESULTS, Lab, container, reported, wait_for_fire
from tests.e2e.door import door

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
Start = Callable[..., Lab]
Write = Callable[..., str]


@pytest.mark.parametrize(
    ("service", "reason"),
    [
        ("prethreaded", "the server died in mid-trial (exit code 137: killed"),
        ("locust-worker", "load worker-0 was lost"),
        ("redis", "Redis went away in mid-trial"),
        ("vmhost", "the VM host went away in mid-trial"),
    ],
)
def test_a_kill_in_mid_trial_fails_that_trial_and_the_next_one_runs(
    lab: Start, scenario: Write, client: docker.DockerClient, service: str, reason: str
) -> None:
    path = scenario("window: 4s", "trials: 2")
    running = lab("bench", "--model", "prethreaded", "--scenario", path)
    wait_for_fire(client)
    container(client, service).kill("SIGKILL")
    killed_at_s = time.monotonic()
    while not list(RESULTS.glob("latest/trials/001-*/server.json")):
        assert time.monotonic() - killed_at_s < 10, "the loss was not noticed"
        time.sleep(0.05)
    status, said = running.end()
    assert status == 1, said
    assert reason in said
    first, second = reported(said).results
    assert first.server.outcome == "failed"
    assert second.judgement.verdict == "valid", said


@pytest.mark.parametrize("signal_name", ["SIGSTOP", "SIGKILL"])
def test_one_of_two_load_workers_lost_is_named_at_once_and_the_next_trial_runs(
    lab: Start, scenario: Write, client: docker.DockerClient, signal_name: str
) -> None:
    path = scenario("window: 8s", "trials: 2")
    running = lab("bench", "--model", "epoll", "--scenario", path, "--workers", "2")
    wait_for_fire(client)
    lost = container(client, "locust-worker")
    if signal_name == "SIGSTOP":  # the process itself: what is PID 1 in there cannot pass it on
        os.kill(int(lost.top()["Processes"][-1][1]), signal.SIGSTOP)
    else:
        lost.kill(signal_name)
    lost_at_s = time.monotonic()
    while not list(RESULTS.glob("latest/trials/001-*/server.json")):
        assert time.monotonic() - lost_at_s < 8, "the loss was not noticed"
        time.sleep(0.05)
    status, said = running.end()
    assert status == 1, said
    first, second = reported(said).results
    assert re.search(r"worker-[01]\b", first.server.reason or ""), said
    assert second.judgement.verdict == "valid", said


def test_a_server_that_cannot_start_is_told_with_its_last_words(
    lab: Start, scenario: Write
) -> None:
    path = scenario("server: {bind: 203.0.113.1}")  # an address of documentation: not the guest's
    status, said = lab("bench", "--model", "prethreaded", "--scenario", path).end()
    assert status == 1
    assert "the server died at start" in said
    assert "cannot listen on 203.0.113.1" in said  # the server's own words


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_in_mid_run_keeps_what_was_written(
    lab: Start, scenario: Write, client: docker.DockerClient, number: int
) -> None:
    running = lab("bench", "--model", "epoll", "--scenario", scenario("trials: 50"))
    wait_for_fire(client)
    first = container(client, "epoll").id
    while container(client, "epoll").id == first:
        time.sleep(0.05)
    running.press(number)
    status, said = running.end(within_s=30)
    assert status == 128 + number
    assert "nothing of the lab is left running" in said
    found = reported(said)
    assert found.manifest.state == "interrupted"
    assert 1 <= len(found.results) <= 2
    assert "of 50 trials were not run to their end" in said


@pytest.mark.parametrize("after_s", [0.3, 1.0, 1.7, 2.5, 4.0])
def test_ctrl_c_twice_at_any_moment_leaves_nothing(
    lab: Start, scenario: Write, after_s: float
) -> None:
    running = lab("bench", "--model", "poll", "--scenario", scenario("trials: 50"))
    time.sleep(after_s)
    running.press()
    time.sleep(0.2)
    running.press()
    status, said = running.end(within_s=30)
    assert status == 130
    assert "Traceback" not in said


def test_a_scenario_with_three_mistakes_is_refused_before_anything_starts(
    lab: Start, scenario: Write
) -> None:
    path = scenario("usrs: 5", "window: 10", "models: [epol]")
    status, said = lab("bench", "--scenario", path, DOCKER_HOST="tcp://127.0.0.1:1").end()
    assert status == 2
    told = [line for line in said.splitlines() if line.startswith(path)]
    assert len(told) == 3, said
    assert "did you mean 'users'?" in said
    assert "did you mean 'epoll'?" in said


def test_no_docker(lab: Start, scenario: Write) -> None:
    nowhere = "unix:///nonexistent/docker.sock"
    status, said = lab("bench", "--scenario", scenario(), DOCKER_HOST=nowhere).end()
    assert status == 1
    assert "the Docker daemon is not running" in said
    assert "Traceback" not in said


def test_a_daemon_gone_in_mid_trial_ends_the_run_and_the_next_command_clears_up(
    lab: Start, scenario: Write, client: docker.DockerClient
) -> None:
    with door() as to_daemon:
        words = ("--model", "epoll", "--scenario", scenario("trials: 2"))
        running = lab("bench", *words, DOCKER_HOST=to_daemon.address)
        deadline_s = time.monotonic() + 60
        while not (written := list(RESULTS.glob("latest/trials/001-*/server.json"))):
            assert time.monotonic() < deadline_s, "no trial was finished"
            time.sleep(0.05)
        record = written[0].read_bytes()
        wait_for_fire(client)
        to_daemon.shut()
        status, said = running.end(within_s=30)
        assert status == 1, said
        assert "Traceback" not in said
        assert "the Docker daemon is not running" in said
        assert "removed by its next command" in said
        found = reported(said)
        assert (found.manifest.state, len(found.results)) == ("aborted", 1)
        container(client, "epoll", within_s=0.5)  # nobody could remove it
        assert written[0].read_bytes() == record
        to_daemon.open()
        status, said = lab("down", DOCKER_HOST=to_daemon.address).end()
    assert status == 0, said
    assert "removed serverlab_epoll_1" in said.replace("-", "_")  # as either Compose names it


def test_a_port_that_is_taken(lab: Start, scenario: Write) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ("bench", "--model", "epoll", "--scenario", scenario())
        status, said = lab(*words, PORT_EPOLL=port).end()
    assert status == 1
    assert f"{port} of 127.0.0.1, where epoll is published, is taken" in said


@pytest.mark.parametrize("command", [("bench",), ("serve", "--model", "epoll"), ("down",)])
def test_a_second_lab_on_the_host_is_refused(lab: Start, command: tuple[str, ...]) -> None:
    with only_lab():
        status, said = lab(*command).end()
    assert status == 1
    assert "another lab is running on this host" in said
