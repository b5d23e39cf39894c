"""The verdict on SO_REUSEADDR follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.reuseaddr import IN_USE, Evidence, Restart, judge

BOUND = Restart(time_wait=10, listens=True, exit_code=None, said="epoll listens on ...")
IN_THE_WAY = Restart(time_wait=10, listens=False, exit_code=1, said=f"cannot listen: {IN_USE}; ...")
QUIET = replace(BOUND, time_wait=0)
LINUX = Evidence(quiet=QUIET, off_off=IN_THE_WAY, off_on=IN_THE_WAY, on_off=IN_THE_WAY, on_on=BOUND)
NO_TIME_WAIT = replace(IN_THE_WAY, time_wait=0)  # the client closed first, or another namespace
OTHERWISE = replace(IN_THE_WAY, exit_code=2, said="reuseaddr: 'maybe' is not on or off")


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (LINUX, "refined"),
        (replace(LINUX, off_on=BOUND), "supported"),
        (replace(LINUX, off_off=BOUND), "refuted"),
        (replace(LINUX, on_on=IN_THE_WAY), "refuted"),
        (replace(LINUX, off_off=NO_TIME_WAIT), "inconclusive"),
        (replace(LINUX, on_on=replace(BOUND, time_wait=0)), "inconclusive"),
        (replace(LINUX, quiet=replace(QUIET, time_wait=3)), "inconclusive"),
        (replace(LINUX, quiet=NO_TIME_WAIT), "inconclusive"),  # the first server is still there
        (replace(LINUX, off_off=OTHERWISE), "inconclusive"),
        (replace(LINUX, on_on=OTHERWISE), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
