"""The verdict on SIGCHLD follows from the evidence."""

from __future__ import annotations

import pytest

from experiments._children import Burst
from experiments.sigchld import Evidence, judge

STAY = Burst(begun=10, while_stopped=10, left=10)
REAPED = Burst(begun=10, while_stopped=10, left=0)
BY_KERNEL = Burst(begun=10, while_stopped=0, left=0)  # gone before the parent could look
BLIND = Burst(begun=0, while_stopped=0, left=0)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (Evidence(default=STAY, ignored=BY_KERNEL, handled=REAPED), "refined"),
        (Evidence(default=BY_KERNEL, ignored=BY_KERNEL, handled=REAPED), "supported"),
        (Evidence(default=STAY, ignored=STAY, handled=REAPED), "refuted"),
        (Evidence(default=BLIND, ignored=BLIND, handled=BLIND), "inconclusive"),
        (Evidence(default=STAY, ignored=BY_KERNEL, handled=STAY), "inconclusive"),
        (Evidence(default=STAY, ignored=BY_KERNEL, handled=BY_KERNEL), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
