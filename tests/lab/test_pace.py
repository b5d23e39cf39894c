"""How long a run takes: a guess before the first trial, then what its own trials cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.plan.blocks import all_cells, make_plan
from lab.records.record import Settling
from lab.records.run_folder import RunFolder
from lab.run.eta import COST_S, Eta, in_words
from lab.run.runner import run_plan
from tests.lab.fakes import FakeRig, Silent
from tests.lab.records import server

PLAN = make_plan(all_cells(["poll", "epoll"], [20]), 2, seed=3)


def test_before_the_first_trial_a_constant_stands_for_its_cost() -> None:
    assert Eta(6.0).lasts_s(10) == 10 * (6.0 + COST_S)


def test_afterwards_the_median_of_what_trials_did_cost() -> None:
    over = [
        server(marks_s={"down": down_s}, settling=Settling(waited_s=0.5)) for down_s in (8, 9, 90)
    ]
    assert Eta(6.0).after(over).lasts_s(2) == 2 * (9 + 0.5)


def test_a_trial_that_failed_or_never_went_down_teaches_nothing() -> None:
    pace = Eta(6.0).after([server(outcome="failed", marks_s={"down": 1.0}), server(marks_s={})])
    assert pace.lasts_s(1) == 6.0 + COST_S


@pytest.mark.parametrize(
    ("duration_s", "words"),
    [(0, "0 s"), (89, "89 s"), (90, "2 min"), (5_300, "88 min"), (12_000, "3 h 20 min")],
)
def test_durations_are_said_as_people_do(duration_s: float, words: str) -> None:
    assert in_words(duration_s) == words


def test_who_watches_a_run_is_told_what_is_left_of_it(tmp_path: Path) -> None:
    shown = Silent()
    folder = RunFolder(tmp_path)
    rig = FakeRig(results=tmp_path)  # its trials last 12.2 s, from up to done
    run_plan(PLAN, of=4, rig=rig, folder=folder, progress=shown, timeout_s=3.0, eta=Eta(10.0))
    assert shown.left_s == pytest.approx([4 * (10.0 + COST_S), 3 * 12.2, 2 * 12.2, 12.2])
