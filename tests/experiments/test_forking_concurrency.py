"""The verdict on forking and concurrent users follows from the evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from experiments.forking_concurrency import AtOnce, Evidence, bars, judge
from lab.claims import Measured
from tests.experiments.benches import measured, ratio, row


def evidence(*gains: float, off: float = 0.02, alone_per_s: float = 19.5, **more: Any) -> Evidence:
    """`gains`: with 1, 4 and 16 users. `more`: of every row."""
    rows, ratios = [], []
    for users, gain in zip((1, 4, 16), gains, strict=False):
        for model, per_s in (("iterative", alone_per_s), ("forking", alone_per_s * gain)):
            rows.append(row(model, users, requests_per_s=per_s, **more))
        ratios.append(ratio("iterative", "forking", 1 / gain, users, off=off))
    return Evidence(AtOnce(0, 7), AtOnce(8, 0), measured(rows, ratios), small_file(0.1, **more))


def small_file(gain: float, **more: Any) -> Measured:
    rows = [row(model, 16, requests_per_s=1_000.0, **more) for model in ("iterative", "forking")]
    return measured(rows, [ratio("iterative", "forking", 1 / gain, 16)])


SEEN = evidence(1.0, 3.9, 15.0)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "refined"),  # only where answers wait
        (replace(SEEN, at_once=small_file(2.0)), "supported"),
        (replace(SEEN, at_once=small_file(0.1, failures=1)), "inconclusive"),
        (replace(SEEN, at_once=measured([], [])), "inconclusive"),
        (evidence(1.0, 1.0, 1.0), "refuted"),
        (evidence(1.0, 1.5, 1.6), "refuted"),
        (evidence(1.0, 4.0, 4.0), "refined"),  # it grows no further
        (evidence(1.0, 2.0, 2.5, off=0.5), "inconclusive"),  # nobody knows how large it is
        (evidence(1.0, 4.0), "inconclusive"),
        (evidence(), "inconclusive"),
        (evidence(1.0, 3.9, 15.0, alone_per_s=900.0), "inconclusive"),  # the route does not wait
        (evidence(1.0, 3.9, 15.0, alone_per_s=2.0), "inconclusive"),
        (evidence(1.0, 3.9, 15.0, failures=3), "inconclusive"),
        (evidence(1.0, 3.9, 15.0, unanswered=1), "inconclusive"),
        (replace(SEEN, forking=AtOnce(0, 7)), "inconclusive"),  # another process was looked at
        (replace(SEEN, iterative=AtOnce(0, 0)), "inconclusive"),  # the queue was not read
        (replace(SEEN, iterative=AtOnce(8, 0)), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome


def test_the_sentence_and_the_figure_name_the_gains() -> None:
    assert "1 (1), 3.9 (4), 15 (16)" in judge(SEEN).sentence
    assert "Where no answer waits (a small file) the ratio is 0.1" in judge(SEEN).sentence
    assert [round(value, 1) for _, value in bars(SEEN).values] == [1, 3.9, 15, 0.1]
