"""The verdict on the iterative server's queue follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.iterative_queue import Evidence, Pair, bars, judge

ONE = Pair("iterative", alone_s=0.302, first_s=0.303, second_s=0.604, queued=1, good=True)
BOTH = Pair("epoll", alone_s=0.302, first_s=0.303, second_s=0.304, queued=0, good=True)
SEEN = Evidence(iterative=ONE, others=(BOTH, replace(BOTH, model="forking")))


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, iterative=replace(BOTH, model="iterative")), "refuted"),
        (replace(SEEN, iterative=replace(ONE, queued=0)), "inconclusive"),  # another listener
        (replace(SEEN, iterative=replace(ONE, second_s=0.304)), "inconclusive"),
        (replace(SEEN, iterative=replace(ONE, good=False)), "inconclusive"),
        (replace(SEEN, others=(ONE, BOTH)), "inconclusive"),  # all wait: not the model's doing
        (replace(SEEN, others=(replace(BOTH, queued=1),)), "inconclusive"),
        (replace(SEEN, others=()), "inconclusive"),
        (
            Evidence(
                replace(ONE, alone_s=0.002, second_s=0.004), (replace(BOTH, alone_s=0.002),)
            ),  # the page was not slow
            "inconclusive",
        ),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome


def test_the_figure_has_a_bar_for_each_model() -> None:
    assert [label for label, _ in bars(SEEN).values] == ["iterative", "epoll", "forking"]
