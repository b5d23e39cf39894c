"""The verdict on five times follows from the evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from experiments.prefork_5x import Evidence, bars, judge
from lab.claims import Measured
from tests.experiments.benches import measured, ratio, row


def bench(cpu_us: float, times: float, off: float, **more: Any) -> Measured:
    """Forking takes `times` the `cpu_us` of pre-forked; `more`: of both rows."""
    rows = [
        row("forking", **{"cpu_us": cpu_us * times, **more}),
        row("preforked", **{"cpu_us": cpu_us, "limit": "generator", **more}),
    ]
    ratios = [ratio("forking", "preforked", 1 / times)]
    return measured(rows, ratios, [ratio("forking", "preforked", times, off=off)])


def evidence(times: float, *, off: float = 0.1, **more: Any) -> Evidence:
    return Evidence(bench(75.0, times, off, **more), bench(5_100.0, 1.2, 0.05))


SEEN = evidence(17.0)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "refined"),
        (evidence(5.0), "supported"),
        (evidence(5.5), "supported"),  # its interval holds 5
        (evidence(8.0, off=0.5), "inconclusive"),  # 4 to 12
        (evidence(3.0), "refuted"),
        (evidence(1.0), "refuted"),
        (evidence(5.0, off=0.6), "inconclusive"),  # 2 to 8
        (evidence(17.0, failures=1), "inconclusive"),
        (evidence(17.0, unanswered=1), "inconclusive"),
        (replace(SEEN, small=measured([])), "inconclusive"),
        (replace(SEEN, computing=bench(0.0, 1.2, 0.1)), "inconclusive"),  # CPU was not read
        (replace(SEEN, computing=bench(80.0, 17.0, 0.1)), "inconclusive"),  # nothing computed
        (replace(SEEN, computing=measured([])), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome


def test_the_sentence_says_where_throughput_is_a_lower_bound() -> None:
    assert "answers at least 17.0 times as many" in judge(SEEN).sentence
    bound = evidence(17.0, limit="server")
    assert "answers 17.0 times as many" in judge(bound).sentence
    assert len(bars(SEEN).values) == 2
