"""A whole plan on fakes: every trial written before the next begins, kept whatever comes."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from lab.analysis.result import all_of
from lab.errors import FAILED, Interrupted, LabError
from lab.host.rig import Exited, Said
from lab.plan.blocks import all_cells, make_plan
from lab.records import events
from lab.records.run_folder import RunFolder
from lab.records.step import Trial
from lab.run.runner import MismatchError, run_plan
from loadgen.formats.mismatch import Unexpected
from tests.lab.fakes import SMOOTH, FakeRig, Silent

NOT_FOUND = Said(events.Mismatch((Unexpected("GET /x", "status", 200, 404),)))
PLAN = make_plan(all_cells(["poll", "epoll"], [20]), 2, seed=3)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    (tmp_path / "trials").mkdir()
    return RunFolder(tmp_path)


def run(
    rig: FakeRig,
    folder: RunFolder,
    shown: Silent | None = None,
    plan: Sequence[Trial] = PLAN,
) -> None:
    shown = shown or Silent()
    run_plan(plan, of=len(PLAN), rig=rig, folder=folder, progress=shown, timeout_s=3.0)


def test_all_trials_run_in_the_order_of_the_plan(folder: RunFolder) -> None:
    shown = Silent()
    run(FakeRig(results=folder.path), folder, shown)
    results = all_of(folder)
    assert [result.server.model for result in results] == [trial.model for trial in PLAN]
    assert [result.judgement.verdict for result in results] == ["valid"] * 4
    assert shown.lines[0] == f"1/4 {PLAN[0].model}"
    assert shown.lines[1].startswith("1 ok: 1,000 requests/s, p50 0.50 ms, 0 failures")


def test_a_failed_trial_is_a_result_and_the_run_goes_on(folder: RunFolder) -> None:
    rig = FakeRig([*SMOOTH[:4], (5.0, Exited("server", 137))], results=folder.path)
    shown = Silent()
    run(rig, folder, shown)
    results = all_of(folder)
    assert [result.server.outcome for result in results] == ["failed"] * 4
    assert [result.judgement.verdict for result in results] == ["invalid"] * 4
    assert shown.lines[1].startswith("1 bad: invalid: the server died in mid-trial")


def test_a_scenario_that_no_server_answers_as_expected_ends_the_run(folder: RunFolder) -> None:
    rig = FakeRig([*SMOOTH[:1], (0.4, NOT_FOUND)], results=folder.path)
    with pytest.raises(MismatchError) as told:
        run(rig, folder)
    said, expected = "the answers are not what the scenario expects", "answers 404, expected 200"
    assert told.value.message == f"{PLAN[0].model}: {said}: GET /x: {expected}"
    assert "mend path or `expect`" in told.value.remedy
    assert told.value.status == FAILED
    assert rig.diary.count("up") == 1
    assert not rig.running
    assert all_of(folder) == []


@pytest.mark.parametrize("resumed", [False, True])
def test_a_model_that_answers_otherwise_than_another_fails_alone(
    folder: RunFolder, resumed: bool
) -> None:
    """Also where the other one did before the run was broken off."""
    rig = FakeRig(results=folder.path)

    class OneIsWrong(Silent):
        def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
            super().trial_begins(trial, of, left_s)
            wrong = trial.model != PLAN[0].model
            rig.script = [*SMOOTH[:1], (0.4, NOT_FOUND)] if wrong else SMOOTH

    if resumed:
        run(rig, folder, OneIsWrong(), PLAN[:1])
    run(rig, folder, OneIsWrong())
    outcomes = {(r.server.model == PLAN[0].model, r.server.outcome) for r in all_of(folder)}
    assert outcomes == {(True, "ok"), (False, "failed")}
    assert len(all_of(folder)) == len(PLAN)


@pytest.mark.parametrize("fault", [LabError("Docker is gone"), Interrupted(2), Interrupted(15)])
@pytest.mark.parametrize("step", ["settle", "up", "next_happening", "end server", "down"])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_what_was_written_stays(
    folder: RunFolder, after: int, step: str, fault: BaseException
) -> None:
    rig = FakeRig(results=folder.path)

    class BreaksLater(Silent):
        def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
            super().trial_begins(trial, of, left_s)
            if len(all_of(folder)) == after:
                rig.broken[step] = fault

    with pytest.raises(type(fault)):
        run(rig, folder, BreaksLater())
    assert len(all_of(folder)) == after
    assert step == "down" or not rig.running


def test_each_trial_is_on_the_disk_before_the_next_begins(folder: RunFolder) -> None:
    seen: list[int] = []

    class Looks(Silent):
        def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
            super().trial_begins(trial, of, left_s)
            seen.append(len(all_of(folder)))

    run(FakeRig(results=folder.path), folder, Looks())
    assert seen == [0, 1, 2, 3]


def test_a_full_disk_ends_the_run_with_a_remedy(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync
    left = [6]  # two trials: log, record and their folder

    def full(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    rig = FakeRig()
    with pytest.raises(LabError, match="the disk is full") as told:
        run(rig, folder)
    assert "make room" in told.value.remedy
    assert len(all_of(folder)) == 1
    assert not rig.running
