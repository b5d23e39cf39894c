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
PARTS = 5  # of the time of a start and a trial: a kill in each, in no order
FIRST = "2*/trials/001-*/server.json"


def finished(folder: Path) -> dict[str, bytes]:
    """The records of the trials that a run has whole, by file."""
    whole = [path.parent for path in folder.glob("trials/*/server.json")]
    return {str(path): path.read_bytes() for each in whole for path in each.glob("*.json")}


def test_a_run_killed_at_6_moments_loses_no_trial_and_doubles_none(
    lab: Callable[..., Lab], scenario: Callable[..., str]
) -> None:
    """The moments lie within the time from a start to the end of the first trial, as this host has
    it: so the first kill has a trial to lose, and the later ones come amid all kinds of work."""
    others = set(RESULTS.glob(FIRST))
    path = scenario("trials: 2", "window: 500ms")
    began_s = time.monotonic()
    running = lab("bench", "--model", "poll,epoll", "--scenario", path)
    while not (made := set(RESULTS.glob(FIRST)) - others):
        assert running.process.poll() is None, running.end()
        time.sleep(0.02)
    longest_s = time.monotonic() - began_s
    [folder] = (record.parents[2] for record in made)
    plan, kept = RunFolder(folder).manifest().plan, finished(folder)
    chance = random.Random(8)
    parts = chance.sample(range(PARTS), PARTS)
    for moment_s in (0.0, *((part + chance.random()) / PARTS * longest_s for part in parts)):
        time.sleep(moment_s)
        running.press(signal.SIGKILL)
        status, said = running.end()
        assert status in (0, -signal.SIGKILL), said
        before, kept = kept, finished(folder)
        assert before.items() <= kept.items()
        if status == 0:  # it was through before: the host has become so much faster
            break
        running = lab("bench", "--resume", folder.name)
    else:
        status, said = running.end(240)
    assert status == 0, said
    found = reported(said)
    assert kept.items() <= finished(folder).items()
    assert found.manifest.state == "complete"
    assert found.manifest.plan == plan
    assert [each.server.number for each in found.results] == [each.number for each in plan]
