"""The verdict on the table of the notes follows from the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from experiments.test_table import MODELS, Evidence, bars, judge, table
from tests.experiments.benches import measured, ratio, row

THEIRS = {line.model: line.per_s for line in table()}
HERE = {**THEIRS, "forking": 150.0}  # behind iterative: one pair of 21


def evidence(rates: Mapping[str, float], *, apart: bool = True, **more: Any) -> Evidence:
    """Every pair is told apart, or none. `more`: of every row."""
    rows = [row(model, 50, **{"requests_per_s": rate, **more}) for model, rate in rates.items()]
    ratios = [
        ratio(one, other, rates[one] / rates[other], 50, apart=apart)
        for one, other in combinations(rates, 2)
    ]
    return Evidence(table(), measured(rows, ratios))


def test_the_table_is_that_of_the_notes() -> None:
    lines = {line.model: line for line in table()}
    assert tuple(lines) == MODELS
    assert (lines["preforked"].first, lines["preforked"].per_s) == (3334, 335.27)
    assert (lines["epoll"].first, lines["epoll"].articles_per_s) == (3493, 2000)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (evidence(THEIRS), "supported"),
        (evidence(HERE), "refined"),
        (evidence({name: 1 / rate for name, rate in THEIRS.items()}), "refuted"),
        (evidence(THEIRS, apart=False), "inconclusive"),  # the probe tells nobody apart
        (evidence(THEIRS, failures=1), "inconclusive"),  # without Redis, say
        (evidence(THEIRS, unanswered=1), "inconclusive"),
        (evidence({"epoll": 2.0, "poll": 1.0}), "inconclusive"),
        (replace(evidence(THEIRS), table=table()[:3]), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome


def test_the_sentence_names_who_changed_places_and_whose_place_is_open() -> None:
    sentence = judge(evidence(HERE)).sentence
    assert "20 of them as in the notes." in sentence
    assert "Other than in the notes, iterative is faster than forking. A fork costs" in sentence
    assert "lower bounds" not in sentence
    assert "lower bounds" in judge(evidence(HERE, limit="generator")).sentence
    assert "notes' requests/s 1.00" in judge(evidence(THEIRS)).sentence
    assert len(bars(evidence(HERE)).values) == 7
