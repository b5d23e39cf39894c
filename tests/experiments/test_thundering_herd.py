"""The verdict on the herd follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.thundering_herd import Evidence, judge

SEEN = Evidence(workers=8, accepted=40, block=1.1, poll=8.9, epoll=8.9, epoll_exclusive=1.2)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "refined"),
        (replace(SEEN, block=8.8), "refuted"),
        (replace(SEEN, poll=0.0, epoll=0.0, block=0.0, epoll_exclusive=0.0), "inconclusive"),
        (replace(SEEN, poll=1.0, epoll=1.0), "inconclusive"),  # the knob had no effect
        (replace(SEEN, workers=0), "inconclusive"),  # another process was looked at
        (replace(SEEN, accepted=0), "inconclusive"),
        (replace(SEEN, block=3.5), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
