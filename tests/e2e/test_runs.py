"""Whole runs that go well: every model, every path."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.analysis import mechanism
from lab.errors import FAILED, MISUSED
from lab.plan.topology import read
from lab.records.record import Account
from lab.report.report import Report
from tests.e2e.conftest import ROOT, Lab, reported

pytestmark = [pytest.mark.docker, pytest.mark.timeout(1200)]  # the first one builds all images
MODELS = list(read(ROOT / "docker-compose.yml", {}).models)


def is_sound(found: Report) -> None:
    """All is measured, and client and server count the same."""
    assert found.shortfall == []
    for result in found.results:
        load, server = result.load, result.server
        assert load is not None
        assert server.end is not None
        account = server.end.account
        assert isinstance(account, Account)
        assert load.life.connected + load.life.probes == account.accepted + account.backlog_left
        assert load.life.good + load.life.verified == account.answered
        assert load.window.good > 0
        assert load.window.failures.total == 0
        assert server.opened is not None
        assert server.closed is not None
        assert server.closed.cpu_s > server.opened.cpu_s
        assert abs(server.opened.read_at_s - load.opened_at_s) < 0.1
        assert server.opened.pids


def test_all_models_through_the_vm_host(
    lab: Callable[..., Lab], scenario: Callable[..., str]
) -> None:
    status, said = lab("bench", "--scenario", scenario()).end(within_s=600)
    assert status == 0, said
    found = reported(said)
    is_sound(found)
    assert [cell.model for cell in found.cells] == MODELS
    assert {result.load.path for result in found.results if result.load} == {"forwarded"}
    assert found.manifest.state == "complete"
    assert found.manifest.host.userland_proxy is not None
    rows = [line.split()[0] for line in said.splitlines() if " 5 " in line and line[0] != "["]
    assert rows[: len(MODELS)] == MODELS


def test_a_reference_is_measured_without_an_account(lab: Callable[..., Lab]) -> None:
    status, said = lab("bench", "--model", "nginx", "--scenario", "quick").end()
    assert status == 0, said
    [result] = reported(said).results
    assert result.judgement.verdict == "valid"
    assert result.server.end is not None
    assert result.server.end.reference
    assert result.server.end.account is None


def test_the_kernel_tells_what_a_request_costs(
    lab: Callable[..., Lab], scenario: Callable[..., str]
) -> None:
    status, said = lab("bench", "--model", "forking,epoll", "--scenario", scenario()).end()
    assert status == 0, said
    for result in reported(said).results:
        found = mechanism.of(result.server, result.load)
        assert found.forks == pytest.approx(
            1.0 if result.server.model == "forking" else 0, rel=0.01
        )
        assert found.cpu_us is not None
        assert found.voluntary_switches is not None
        assert found.retransmits_per_1000 is not None
        assert result.server.started is not None
        assert result.server.started.threads


@pytest.mark.parametrize("way", ["published", "direct"])
def test_the_other_two_ways_in(
    lab: Callable[..., Lab], scenario: Callable[..., str], way: str
) -> None:
    words = ("bench", "--model", "epoll", "--scenario", scenario(f"path: {way}"))
    status, said = lab(*words).end()
    assert status == 0, said
    found = reported(said)
    is_sound(found)
    assert [result.load.path for result in found.results if result.load] == [way]


def test_users_beyond_a_pool_of_workers_are_unserved_and_no_failures(
    lab: Callable[..., Lab], scenario: Callable[..., str]
) -> None:
    path = scenario("connection: keep-alive", "users: 6", "server: {workers: 4}")
    status, said = lab("bench", "--model", "prethreaded", "--scenario", path).end()
    assert status == 0, said
    [cell] = reported(said).cells
    assert (cell.unserved, cell.failures) == (2, 0)
    assert "unserved" in said


def test_blocks_several_users_and_trials(
    lab: Callable[..., Lab], scenario: Callable[..., str]
) -> None:
    words = ("--model", "poll,epoll", "--users", "1,4", "--trials", "2", "--workers", "2")
    status, said = lab("bench", *words, "--seed", "9", "--scenario", scenario()).end()
    assert status == 0, said
    found = reported(said)
    is_sound(found)
    assert [(cell.model, cell.users, cell.trials) for cell in found.cells] == [
        ("poll", 1, 2),
        ("poll", 4, 2),
        ("epoll", 1, 2),
        ("epoll", 4, 2),
    ]
    assert found.manifest.seed == 9
    assert [len(result.load.load_workers) for result in found.results if result.load] == [2] * 8


def test_a_run_in_sittings_and_the_same_plan_again_in_sittings(
    lab: Callable[..., Lab], scenario: Callable[..., str]
) -> None:
    words = ("--model", "poll,epoll", "--trials", "2", "--blocks", "1")
    status, said = lab("bench", *words, "--scenario", scenario()).end()
    assert status == 0, said
    first = reported(said)
    assert (first.manifest.state, len(first.results)) == ("paused", 2)
    assert "paused: 2 of 4 trials are still to be run" in said
    assert f"make bench RESUME=latest goes on with {first.manifest.run}" in said
    status, said = lab("bench", "--resume", "latest", "--blocks", "1").end()
    assert status == 0, said
    whole = reported(said)
    is_sound(whole)
    assert (whole.manifest.run, whole.manifest.state) == (first.manifest.run, "complete")
    assert [result.server.number for result in whole.results] == [1, 2, 3, 4]

    run = ("reproduce", "--run", whole.manifest.run, "--blocks", "1")
    status, said = lab(*run).end()
    assert status == 0, said
    again = reported(said).manifest
    assert (again.state, again.plan) == ("paused", whole.manifest.plan)
    assert f"make reproduce RUN=results/{whole.manifest.run} RESUME=latest goes on with" in said
    status, said = lab(*run, "--resume", again.run).end()
    assert reported(said).manifest.state == "complete"
    assert said.endswith("NOT reproduced\n")  # two trials show nothing
    assert status == FAILED
    status, said = lab(
        "reproduce", "--run", whole.manifest.run, "--resume", first.manifest.run
    ).end()
    assert status == MISUSED
    assert "is complete" in said
