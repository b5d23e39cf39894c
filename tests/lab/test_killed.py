"""A run killed at any moment and gone on with loses no trial and doubles none.

A moment is a call of a function: the run is played by a child process that counts its own calls and
kills itself at one drawn by a seed, so that the same moments come again.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lab.analysis import found_rate
from lab.analysis.result import all_of
from lab.plan.blocks import Cell, all_cells, make_plan
from lab.records.manifest import Planned
from lab.records.run_folder import RunFolder, create
from lab.run import resume
from lab.run.manifest_writer import ManifestWriter
from lab.run.runner import run_plan
from lab.run.seek import Seek
from loadgen.formats.scenario_reader import parse
from tests.lab.fakes import ElasticRig, FakeRig, Silent
from tests.lab.records import manifest

KILLS = 20
NOW = datetime(2026, 11, 23, 18, 30, 5, tzinfo=UTC)
PLAN = make_plan(all_cells(["poll", "epoll"], [5, 20]), 3, seed=3)


def go_on(folder: RunFolder) -> None:
    broken = resume.find("", folder.path.parent)
    rig = FakeRig(results=folder.path)
    plan = resume.plan(broken)
    with ManifestWriter(folder, broken.manifest).kept():
        run_plan(plan, of=len(plan), rig=rig, folder=folder, progress=Silent(), timeout_s=3.0)


SEEKING = "about: x\nrequests: [{get: /}]\nusers: 100\nfind: {p99_ms: 10, trials: 8}\n"
SOUGHT: list[Cell] = all_cells(["poll", "epoll"], [100])


def go_on_seeking(folder: RunFolder) -> None:
    broken = resume.find("", folder.path.parent)
    ledger = ManifestWriter(folder, broken.manifest)
    trials = Seek(parse(SEEKING), SOUGHT, trials=8, seed=3, folder=folder).trials(ledger)
    rig = ElasticRig({"poll": 900.0, "epoll": 2_500.0}, folder.path)
    with ledger.kept():
        run_plan(trials, of=16, rig=rig, folder=folder, progress=Silent(), timeout_s=3.0)


def died(folder: RunFolder, play: Callable[[RunFolder], None], after_calls: int) -> bool:
    """Whether a child that goes on with the run was killed before it was through."""
    child = os.fork()
    if child == 0:
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1
            if calls == after_calls:
                os.kill(os.getpid(), signal.SIGKILL)

        status = 1
        try:
            sys.setprofile(count)
            play(folder)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), "the run failed by itself"
    return status != 0


def calls_of(folder: RunFolder, play: Callable[[RunFolder], None]) -> int:
    """How many calls a whole run makes."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        play(folder)
    finally:
        sys.setprofile(None)
    return calls


def a_run(results: Path, adaptive: bool) -> RunFolder:
    folder = create(results, "quick", "about: x\nrequests: [{get: /}]\n", NOW)
    plan = [] if adaptive else [Planned.of(trial).model_dump() for trial in PLAN]
    folder.write_manifest(
        manifest(run=folder.path.name, state="running", plan=plan, adaptive=adaptive)
    )
    return folder


def written(folder: RunFolder) -> dict[str, tuple[int, int]]:
    """The finished trials, and by which write each came to be."""
    found = {path.parent.name: path.stat() for path in folder.path.glob("trials/*/server.json")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def kill_twenty_times(
    root: Path, play: Callable[[RunFolder], None], adaptive: bool
) -> tuple[RunFolder, RunFolder]:
    """The last run, gone on with to its end, and one that nobody disturbed."""
    unharmed = a_run(root / "unharmed", adaptive)
    whole = calls_of(unharmed, play)
    chance = random.Random("twenty moments")
    folder = a_run(root / "results", adaptive)
    kills, before = 0, written(folder)
    while kills < KILLS:
        if not died(folder, play, after_calls=chance.randrange(1, whole // 4)):
            folder, before = a_run(root / "results", adaptive), {}  # that one is through
            continue
        kills += 1
        now = written(folder)
        assert before.items() <= now.items(), "a finished trial was touched"
        before = now
    if folder.manifest().state == "running":
        assert not died(folder, play, after_calls=10 * whole)
    return folder, unharmed


@pytest.mark.parametrize(("play", "adaptive"), [(go_on, False), (go_on_seeking, True)])
def test_twenty_kills_lose_no_trial_and_double_none(
    tmp_path: Path, play: Callable[[RunFolder], None], adaptive: bool
) -> None:
    folder, unharmed = kill_twenty_times(tmp_path, play, adaptive)
    names = [sorted(path.name for path in run.path.glob("trials/*")) for run in (folder, unharmed)]
    assert names[0] == names[1]
    assert [planned.name for planned in folder.manifest().plan] == names[0]
    assert all_of(folder) == all_of(unharmed)
    assert {result.judgement.verdict for result in all_of(folder)} == {"valid"}
    assert found_rate.read(folder) == found_rate.read(unharmed)
    assert folder.manifest().state == "complete"
