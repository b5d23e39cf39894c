"""Honesty on live runs: faults are put in, and each comes out in its own words, ranking nothing.

Elsewhere: a starved generator (test_load.py), lost workers and other deaths (test_faults.py); what
would take too long to wait for, a host that slows or is stolen from, on recorded runs in
tests/lab/test_honesty.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docker
import pytest

from lab.errors import MISUSED
from lab.records import noise_floor
from lab.report import noise
from lab.report.report import Report
from servers.app import Application
from tests.app.asking import SITE, begin, content, finish, request
from tests.e2e.conftest import Lab, container, folder_of, reported

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
Start = Callable[..., Lab]
PERIOD_US = 100_000


def ranked(found: Report) -> list[str]:
    return [cell.model for cell in found.cells if cell.ranks]


def test_a_server_throttled_to_half_a_cpu_is_told_and_not_ranked(
    lab: Start, scenario: Callable[..., str], client: docker.DockerClient
) -> None:
    """As by `docker update --cpus=0.5`, in one of two trials."""
    path = scenario("connection: keep-alive", "trials: 2")
    running = lab("bench", "--model", "epoll", "--scenario", path)
    server = container(client, "epoll")
    server.update(cpu_period=PERIOD_US, cpu_quota=PERIOD_US // 2)
    status, said = running.end()
    assert status == 1, said
    found = reported(said)
    first, second = found.results
    assert first.server.opened is not None
    assert first.server.opened.throttled_s is not None, "this host's kernel tells of its quotas"
    [reason] = first.judgement.reasons
    assert reason.text.endswith("of the time by a CPU quota"), reason
    assert 20 < int(reason.text.split()[1].rstrip("%")) <= 100, reason
    assert first.judgement.verdict == "invalid", said
    assert second.judgement.verdict == "valid", said
    assert f"run it again ({reason.text} (1 of 2 trials))" in " ".join(said.split())
    assert (found.cells[0].trials, found.cells[0].invalid) == (1, 1)


def test_one_failure_in_two_hundred_is_told_and_not_ranked(lab: Start, tmp_path: Path) -> None:
    """Right when it is verified, wrong under load: from the tenth visitor on, the guestbook's page
    has a byte more than the scenario expects."""
    waiting, _ = begin(Application("epoll", SITE)(request(b"/guestbook")))
    length = len(content(finish(waiting, [1, []])))
    path = tmp_path / "failing.yml"
    path.write_text(f"""\
about: For the tests.
connection: keep-alive
users: 5
warmup: 200ms
window: 2s
trials: 1
requests:
  - {{get: /615b.html, weight: 149}}
  - {{get: /guestbook, weight: 50}}
  - {{get: /guestbook, weight: 1, expect: {{bytes: {length}}}}}
""")
    status, said = lab("bench", "--model", "epoll", "--scenario", str(path)).end()
    assert status == 1, said
    found = reported(said)
    [result] = found.results
    assert result.load is not None
    window = result.load.window
    assert 0.002 < window.failures.total / window.requests < 0.01
    assert window.failures.wrong_body == window.failures.total
    assert result.judgement.verdict == "erroring"
    assert ranked(found) == []
    assert "of requests failed" in said
    [line] = [line for line in found.shortfall if "erroring" in line]
    assert line in " ".join(said.split())


def test_two_texts_under_one_name_are_two_scenarios(
    lab: Start, scenario: Callable[..., str], tmp_path: Path
) -> None:
    told = []
    for users in ("users: 4", "users: 5"):
        path = scenario(users)
        status, said = lab("bench", "--model", "epoll", "--scenario", path).end()
        assert status == 0, said
        told.append(said)
    one, other = (folder_of(said) for said in told)
    assert one.manifest().scenario.name == other.manifest().scenario.name == "tested"

    status, said = lab("compare", "--", one.path.name, other.path.name).end()
    assert status == MISUSED
    assert "the runs measured different things: scenario text: users" in said
    assert "FORCE=1" in said

    [finished] = one.path.glob("trials/*/server.json")
    finished.unlink()  # and then the lights went out
    words = ("bench", "--resume", one.path.name, "--scenario", path)
    status, said = lab(*words, DOCKER_HOST="tcp://127.0.0.1:1").end()
    assert status == MISUSED, said
    assert "SCENARIO: tested.yml has another text than the run" in said

    pair = noise_floor.Pair(
        model="epoll", users=5, rate_rps=None, by="throughput", ratio=1.0, low=0.98, high=1.02,
        p=0.5,
    )  # fmt: skip
    noise_floor.write(tmp_path, "tested", noise.record(reported(told[1]), [pair]))
    known = noise_floor.read(tmp_path, other.manifest())
    assert known is not None
    assert known.floors["throughput"] == pytest.approx(0.02)
    assert noise_floor.read(tmp_path, one.manifest()) is None
