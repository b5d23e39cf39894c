"""The verdict on zombies follows from the evidence."""

from __future__ import annotations

import pytest

from experiments._children import Burst
from experiments.zombies import Evidence, judge

ALL = Burst(begun=10, while_stopped=10, left=10)
NONE = Burst(begun=10, while_stopped=10, left=0)
SOME = Burst(begun=10, while_stopped=10, left=9)
BLIND = Burst(begun=10, while_stopped=0, left=0)  # a probe that looks at another process


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (Evidence(never=ALL, once=SOME, loop=NONE), "supported"),
        (Evidence(never=NONE, once=NONE, loop=NONE), "refuted"),
        (Evidence(never=ALL, once=SOME, loop=ALL), "refuted"),
        (Evidence(never=BLIND, once=BLIND, loop=BLIND), "inconclusive"),
        (Evidence(never=ALL, once=SOME, loop=BLIND), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
