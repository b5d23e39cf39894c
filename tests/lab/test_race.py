"""The race: a run for each scenario, everybody in each, ended as a whole."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from rich.console import Console

from lab.commands import bench, race
from lab.errors import Interrupted, MisuseError
from lab.plan import topology
from lab.plan.choice import Asked, check
from lab.plan.topology import FILE

ROOT = Path(__file__).parents[2]
DECLARED = topology.read(ROOT / FILE, {})


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """What was asked of `bench`. The first run has a trial that was not good."""
    asked: list[Asked] = []

    def run(each: Asked, _root: Path, _console: Console) -> int:
        check(each, DECLARED, ROOT)
        asked.append(each)
        return int(len(asked) == 1)

    monkeypatch.setattr(bench, "bench", run)
    return asked


def test_everybody_runs_in_every_scenario(ran: list[Asked]) -> None:
    assert race.race("2", "", ROOT, Console(quiet=True)) == 1, "the worst status of all"
    assert [each.scenario for each in ran] == ["static", "keep-alive"]
    for each in ran:
        assert each.models.split(",") == list(DECLARED.servers)
        assert each.trials == "2"


def test_a_mistake_is_told_before_anything_starts(ran: list[Asked]) -> None:
    with pytest.raises(MisuseError, match="TRIALS"):
        race.race("many", "", ROOT, Console(quiet=True))
    assert ran == []


def test_an_interruption_ends_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def interrupted(each: Asked, _root: Path, _console: Console) -> int:
        begun.append(each.scenario)
        raise Interrupted(signal.SIGINT)

    monkeypatch.setattr(bench, "bench", interrupted)
    with pytest.raises(Interrupted):
        race.race("", "", ROOT, Console(quiet=True))
    assert begun == ["static"]
