"""The verdict on the empty line follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.blank_line import BARE, FIRST_BARE_LF, REQUEST, Evidence, Fed, judge

END = len(REQUEST)
GOOD = Fed("epoll", answered_at=END, status=200)
OTHER = Fed("forking", answered_at=END, status=200)
SEEN = Evidence(END, (GOOD, OTHER), Fed("epoll", FIRST_BARE_LF, 400))


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, fed=(GOOD, replace(OTHER, answered_at=END - 1))), "refuted"),
        (replace(SEEN, fed=(GOOD, replace(OTHER, answered_at=END - 2))), "refuted"),
        (replace(SEEN, fed=(GOOD, replace(OTHER, answered_at=END + 1))), "refuted"),
        (replace(SEEN, fed=(GOOD, replace(OTHER, answered_at=0, status=0))), "refuted"),
        (replace(SEEN, fed=(Fed("epoll", 0, 0), Fed("forking", 0, 0))), "inconclusive"),
        (replace(SEEN, fed=(GOOD, replace(OTHER, status=400))), "inconclusive"),
        (replace(SEEN, fed=()), "inconclusive"),
        (replace(SEEN, bare=Fed("epoll", 0, 0)), "inconclusive"),  # the probe sees no answer
        (replace(SEEN, bare=Fed("epoll", len(BARE), 400)), "inconclusive"),  # or at the end alone
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
