"""The verdict on detached threads follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.detach import Evidence, Left, judge

STACKS = 830_000_000
LIVING = Left(tasks=100, address_bytes=STACKS)
STAYS = Left(tasks=0, address_bytes=STACKS)
GONE = Left(tasks=0, address_bytes=0)
CACHED = Left(tasks=0, address_bytes=40_000_000)  # what glibc keeps for the next threads
SEEN = Evidence(
    living=LIVING,
    unjoined=STAYS,
    joined=GONE,
    detached=CACHED,
    python=GONE,
    server=GONE,
    server_living=Left(tasks=100, address_bytes=26_000_000),
)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, detached=STAYS), "refuted"),
        (replace(SEEN, unjoined=GONE), "inconclusive"),  # the knob had no effect
        (replace(SEEN, joined=STAYS), "inconclusive"),
        (replace(SEEN, living=GONE), "inconclusive"),  # the counter was not read
        (replace(SEEN, living=Left(tasks=100, address_bytes=0)), "inconclusive"),
        (replace(SEEN, unjoined=LIVING), "inconclusive"),  # they had not ended
        (replace(SEEN, detached=Left(tasks=3, address_bytes=0)), "inconclusive"),
        (replace(SEEN, server_living=GONE), "inconclusive"),  # another process was looked at
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
