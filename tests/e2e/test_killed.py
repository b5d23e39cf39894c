"""A real run, killed at random moments and gone on with each time, loses no trial and doubles none.

tests/lab/test_killed.py does the same on fakes, at every kind of call. Here the moments are the
clock's, so that containers and docker-compose are amid their work when the lab is gone.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.records.run_folder import RunFolder
from tests.e2e.conftest import RESULTS, Lab, reported

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
KILLS = 20
LONGEST_S = 5.0  # a start and a trial


def finished(folder: Path) -> dict[str, bytes]:
    """The records of the trials that a run has whole, by file."""
    whole = [path.parent for path in folder.glob("trials/*/server.json")]
    return {str(path): path.read_bytes() for each in whole for path in each.glob("*.json")}


def test_a_run_killed_at_20_moments_loses_no_trial_and_doubles_none(
    lab: Callable[..., Lab], scenario: Callable[..., str]
) -> None:
    moments = random.Random(20)
    others = set(RESULTS.glob("2*/manifest.json"))
    fresh = ("--model", "poll,epoll", "--scenario", scenario("trials: 8", "window: 500ms"))
    folder, plan, kept = None, None, dict[str, bytes]()
    for _ in range(KILLS):
        running = lab("bench", *(("--resume", folder.name) if folder else fresh))
        time.sleep(moments.uniform(0.0, LONGEST_S))
        assert running.process.poll() is None, running.end()
        running.press(signal.SIGKILL)
        running.end()
        if not (made := set(RESULTS.glob("2*/manifest.json")) - others):
            continue  # killed before there was a run
        [folder] = (manifest.parent for manifest in made)
        plan = plan or RunFolder(folder).manifest().plan
        now = finished(folder)
        assert kept.items() <= now.items()
        kept = now
    assert folder is not None, "no run outlived its first moments"
    status, said = lab("bench", "--resume", folder.name).end(240)
    assert status == 0, said
    found = reported(said)
    assert kept.items() <= finished(folder).items()
    assert found.manifest.state == "complete"
    assert found.manifest.plan == plan
    assert [each.server.number for each in found.results] == [each.number for each in plan or ()]
