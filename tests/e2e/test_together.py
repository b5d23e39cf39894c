"""Trials of a block at the same time, on real containers."""

from __future__ import annotations

from collections.abc import Callable

import docker
import pytest

from lab.containers import cleanup
from lab.run.session import PROJECT_NAME
from tests.e2e.conftest import Lab, reported, wait_for_fire

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
SAME_S = 0.2  # how far apart windows may begin


def at_once(scenario: Callable[..., str], *lines: str) -> str:
    return scenario("users: 10", *lines, "rate: 50", "block: together")


def test_a_block_is_measured_in_the_same_moments(
    lab: Callable[..., Lab], scenario: Callable[..., str]
) -> None:
    path = at_once(scenario, "window: 2s", "trials: 2")
    status, said = lab("bench", "--model", "epoll,forking", "--scenario", path).end(300)
    assert status == 0, said
    found = reported(said)
    assert [each.by for each in found.rankings] == ["CPU"]
    blocks: dict[int, list[float]] = {}
    for result in found.results:
        assert result.judgement.verdict == "valid"
        assert {result.server.model, *result.server.beside} == {"epoll", "forking"}
        assert result.server.receive == "sender"
        assert result.load is not None
        blocks.setdefault(result.server.block, []).append(result.load.opened_at_s)
    assert len(blocks) == 2
    for opened_at_s in blocks.values():
        assert max(opened_at_s) - min(opened_at_s) < SAME_S
    assert found.rankings[0].names == ("epoll", "forking")  # a process for each answer


def test_ctrl_c_ends_all_of_them(
    lab: Callable[..., Lab], scenario: Callable[..., str], client: docker.DockerClient
) -> None:
    """`nothing_left` looks for containers and networks."""
    path = at_once(scenario, "window: 30s")
    running = lab("bench", "--model", "epoll,poll", "--scenario", path)
    wait_for_fire(client)
    projects = {
        each.labels[cleanup.PROJECT_LABEL]
        for each in cleanup.with_those_beside(client, PROJECT_NAME)[0]
    }
    assert projects == {PROJECT_NAME, cleanup.beside(PROJECT_NAME, 2)}
    running.press()
    status, said = running.end()
    assert status == 130, said
    assert "Traceback" not in said
