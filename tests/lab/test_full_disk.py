"""The disk is full from some step of a write on: nothing is half-written, nothing lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lab.errors import LabError
from lab.host.rig import Said
from lab.records import durable, events, run_folder
from lab.records.run_folder import RunFolder
from lab.records.step import Trial
from lab.run.runner import run_plan
from tests.lab import records
from tests.lab.fakes import SMOOTH, FakeRig, Silent

NOW = datetime(2026, 11, 23, 18, 30, 5, tzinfo=UTC)
TRIAL = Trial(1, 1, "epoll", 20, 7)
STEPS: list[tuple[Any, str]] = [
    *((Path, name) for name in ("mkdir", "open", "rename", "symlink_to")),
    (os, "fsync"),
]


@contextmanager
def full_at(owner: Any, name: str, nth: int) -> Iterator[None]:
    """The nth call of this step, and all after it, find no room."""
    works, calls = getattr(owner, name), 0

    def step(*words: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls >= nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return works(*words, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, step)
        yield


def files(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in folder.rglob("*") if not path.is_dir()}


def create(folder: RunFolder) -> None:
    run_folder.create(folder.path.parent, "other", "about: y\n", NOW)


def replace_manifest(folder: RunFolder) -> None:
    folder.write_manifest(records.manifest(run=folder.path.name, state="complete"))


def begin(folder: RunFolder) -> None:
    folder.begin(TRIAL)


def finish(folder: RunFolder) -> None:
    folder.begin(TRIAL)
    folder.finish(TRIAL, records.server(), "listening\n")


def whole(
    folder: RunFolder, write: Callable[[RunFolder], None], step: tuple[Any, str], nth: int
) -> bool:
    """Whether the write was through before its disk was full; checks what it left if not."""
    folder.write_manifest(records.manifest(run=folder.path.name))
    before = files(folder.path.parent)
    told = ""
    try:
        with full_at(*step, nth=nth):
            write(folder)
    except LabError as error:
        told = str(error)
    if not told:
        return True
    assert "the disk is full" in told
    assert "written trials are kept" in told
    assert not list(folder.path.parent.rglob(".*")), "nothing half-written"
    assert set(before) <= set(files(folder.path.parent)), "nothing lost"
    folder.manifest()
    if write is create:
        assert files(folder.path.parent) == before
        assert run_folder.find(folder.path.parent, "").path == folder.path
    if folder.is_finished(TRIAL.name):
        assert folder.records(TRIAL.name) == (records.server(), None)
    return False


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[1])
@pytest.mark.parametrize("write", [create, replace_manifest, begin, finish])
def test_at_each_step_of_each_write(
    tmp_path: Path, write: Callable[[RunFolder], None], step: tuple[Any, str]
) -> None:
    for nth in range(1, 12):
        folder = run_folder.create(tmp_path / str(nth), "quick", "about: x\n", NOW)
        if whole(folder, write, step, nth):
            return
    pytest.fail("a write of so many steps")


def test_in_the_middle_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    durable.write(path, "old")
    (tmp_path / ".server.json.tmp").symlink_to("/dev/full")
    with pytest.raises(LabError, match="the disk is full"):
        durable.write(path, "new")
    assert files(tmp_path) == {str(path): "old"}


def test_a_load_that_cannot_write_its_record_ends_the_run_and_its_trial_is_not_counted(
    tmp_path: Path,
) -> None:
    folder = run_folder.create(tmp_path, "quick", "about: x\n", NOW)
    rig = FakeRig(results=folder.path)
    second = Trial(2, 1, "poll", 20, 7)

    class FillsUp(Silent):
        def trial_begins(self, trial: Trial, of: int, left_s: float) -> None:
            super().trial_begins(trial, of, left_s)
            if trial == second:
                rig.script = [*SMOOTH[:-1], (12.2, Said(events.Unwritten("no room")))]

    with pytest.raises(LabError, match="the load's record is lost: no room") as told:
        run_plan([TRIAL, second], of=2, rig=rig, folder=folder, progress=FillsUp(), timeout_s=3.0)
    assert "make room" in told.value.remedy
    assert [folder.is_finished(each.name) for each in (TRIAL, second)] == [True, False]
    assert not rig.running
