"""The verdict on who works in a pre-forked server follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.prefork_workers import Accepts, Burst, Evidence, judge

ACCEPTS = Accepts(by_parent=0, by_children=16, children=8, parent_calls=("rt_sigtimedwait",))
OURS = Burst(
    connections_before=0,
    children_before=8,
    same_children=8,
    new_children=0,
    answered=200,
    parent_cpu_s=0.0,
    parent_switches=1,
    children_switches=210,
    busy_children=8,
)
FORKING = Burst(
    connections_before=0,
    children_before=0,
    same_children=0,
    new_children=0,
    answered=200,
    parent_cpu_s=0.1,
    parent_switches=340,
    children_switches=0,
    busy_children=0,
)
SEEN = Evidence(ACCEPTS, OURS, FORKING)
BLIND = replace(OURS, children_before=0, same_children=0, children_switches=0, busy_children=0)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, preforked=replace(BLIND, new_children=8)), "refuted"),  # with the clients
        (replace(SEEN, preforked=replace(OURS, same_children=2, new_children=6)), "refuted"),
        (replace(SEEN, accepts=replace(ACCEPTS, by_parent=16, by_children=0)), "refuted"),
        (replace(SEEN, preforked=replace(OURS, parent_switches=200)), "refuted"),
        (replace(SEEN, preforked=replace(OURS, parent_cpu_s=0.2)), "refuted"),
        (replace(SEEN, preforked=BLIND), "inconclusive"),  # another process was looked at
        (replace(SEEN, preforked=replace(OURS, children_switches=0)), "inconclusive"),
        (replace(SEEN, preforked=replace(OURS, busy_children=1)), "inconclusive"),
        (replace(SEEN, preforked=replace(OURS, answered=0)), "inconclusive"),
        (replace(SEEN, preforked=replace(OURS, connections_before=1)), "inconclusive"),
        (replace(SEEN, forking=replace(FORKING, parent_switches=0)), "inconclusive"),
        (replace(SEEN, forking=replace(FORKING, answered=3)), "inconclusive"),
        (replace(SEEN, accepts=Accepts(0, 0, 0, ())), "inconclusive"),
        (replace(SEEN, accepts=replace(ACCEPTS, parent_calls=())), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
