"""The verdict on what fork() returns follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.fork_returns import Evidence, Fork, Served, judge

SERVER = Served(
    forks=1, parent=1, returned=15, answered_by=15, exit_group=0, waited_for=15, exit_status=0
)
LIBC = Fork(in_parent=300, in_child=0, child=300, exit_status=0)
CONTROL = Fork(in_parent=301, in_child=0, child=301, exit_status=7)
SEEN = Evidence(SERVER, LIBC, CONTROL)
NO_TRACE = Served(0, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, libc=replace(LIBC, in_child=300)), "refuted"),
        (replace(SEEN, libc=replace(LIBC, in_parent=1)), "refuted"),
        (replace(SEEN, server=replace(SERVER, returned=99)), "refuted"),
        (replace(SEEN, server=replace(SERVER, exit_group=1, exit_status=1)), "refuted"),
        (replace(SEEN, server=NO_TRACE), "inconclusive"),
        (replace(SEEN, server=replace(SERVER, answered_by=1)), "inconclusive"),  # no child served
        (replace(SEEN, server=replace(SERVER, forks=2)), "inconclusive"),
        (replace(SEEN, server=replace(SERVER, exit_group=None)), "inconclusive"),
        (replace(SEEN, server=replace(SERVER, exit_status=None)), "inconclusive"),
        (replace(SEEN, libc=replace(LIBC, in_child=None, child=None)), "inconclusive"),
        (replace(SEEN, control=replace(CONTROL, exit_status=0)), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
