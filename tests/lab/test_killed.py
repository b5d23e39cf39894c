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

from lab import resume
from lab.ledger import Ledger
from lab.manifest import Planned
from lab.plan import all_cells, make_plan
from lab.results import RunFolder, create
from lab.run import run_plan
from tests.lab.fakes import FakeRig, Silent
from tests.lab.records import manifest

KILLS = 20
NOW = datetime(2026, 11, 23, 18, 30, 5, tzinfo=UTC)
PLAN = make_plan(all_cells(["poll", "epoll"], [5, 20]), 3, seed=3)


def go_on(folder: RunFolder) -> None:
    broken = resume.find("", folder.path.parent)
    rig = FakeRig(results=folder.path)
    plan = resume.plan(broken)
    with Ledger(folder, broken.manifest).kept():
        run_plan(plan, of=len(plan), rig=rig, folder=folder, progress=Silent(), timeout_s=3.0)


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


def a_run(results: Path) -> RunFolder:
    folder = create(results, "quick", "about: x\nrequests: [{get: /}]\n", NOW)
    plan = [Planned.of(trial).model_dump() for trial in PLAN]
    folder.write_manifest(manifest(run=folder.path.name, state="running", plan=plan))
    return folder


def written(folder: RunFolder) -> dict[str, tuple[int, int]]:
    """The finished trials, and by which write each came to be."""
    found = {path.parent.name: path.stat() for path in folder.path.glob("trials/*/server.json")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def test_twenty_kills_lose_no_trial_and_double_none(tmp_path: Path) -> None:
    whole = calls_of(a_run(tmp_path / "unharmed"), go_on)
    chance = random.Random("twenty moments")
    folder = a_run(tmp_path / "results")
    kills, before = 0, written(folder)
    while kills < KILLS:
        if not died(folder, go_on, after_calls=chance.randrange(1, whole // 4)):
            folder = a_run(tmp_path / "results")  # this one is through: on with another
            before = {}
            continue
        kills += 1
        now = written(folder)
        assert before.items() <= now.items(), "a finished trial was touched"
        before = now
    assert not died(folder, go_on, after_calls=10 * whole)
    results = folder.results()
    assert [result.server.number for result in results] == list(range(1, len(PLAN) + 1))
    assert sorted(path.name for path in folder.path.glob("trials/*")) == [t.name for t in PLAN]
    assert [result.judgement.verdict for result in results] == ["valid"] * len(PLAN)
    assert folder.manifest().state == "complete"
