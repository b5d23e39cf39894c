"""The verdict on sendfile follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.sendfile import Calls, Evidence, Way, judge

BY_KERNEL = Way(Calls(3, 1_000_000, 0, 0, 1), (0.11, 0.12, 0.11, 0.12), (2.1, 2.0, 2.2, 2.1))
BY_HAND = Way(Calls(0, 0, 16, 1_000_000, 16), (0.31, 0.30, 0.32, 0.31), (1.2, 1.1, 1.2, 1.2))
SEEN = Evidence(sendfile=BY_KERNEL, read_write=BY_HAND)
NOTHING = Calls(0, 0, 0, 0, 0)
UNREAD = (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, sendfile=replace(BY_KERNEL, cpu_s=BY_HAND.cpu_s)), "refined"),
        (replace(SEEN, sendfile=replace(BY_KERNEL, cpu_s=(0.11, 0.12, 0.11, 0.40))), "refined"),
        (replace(SEEN, sendfile=replace(BY_KERNEL, calls=BY_HAND.calls)), "refuted"),
        (replace(SEEN, read_write=BY_KERNEL), "inconclusive"),  # the knob had no effect
        (replace(SEEN, read_write=replace(BY_HAND, calls=NOTHING)), "inconclusive"),
        (replace(SEEN, sendfile=replace(BY_KERNEL, calls=NOTHING)), "inconclusive"),
        (replace(SEEN, sendfile=replace(BY_KERNEL, cpu_s=UNREAD)), "inconclusive"),
        (replace(SEEN, read_write=replace(BY_HAND, cpu_s=())), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
