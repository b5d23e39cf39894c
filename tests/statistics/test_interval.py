"""Intervals of the median: what they hold, what they refuse, how often they are right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.statistics.coverage import KINDS, coverage
from lab.statistics.interval import FEWEST, Interval, median_interval

VALUES = st.lists(st.floats(1, 1e6), min_size=FEWEST, max_size=20)


def test_four_trials_have_none() -> None:
    assert median_interval([1.0, 2.0, 3.0, 4.0]) is None


def test_equal_trials_have_no_width() -> None:
    assert median_interval([7.0] * 5) == Interval(7.0, 7.0, 7.0)


@given(VALUES)
def test_it_lies_among_the_trials_and_about_the_median(values: list[float]) -> None:
    found = median_interval(values)
    assert found is not None
    assert min(values) <= found.low <= found.mid <= found.high <= max(values)


@given(VALUES)
def test_the_same_seed_gives_the_same(values: list[float]) -> None:
    assert median_interval(values, 3) == median_interval(values, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_ten_trials_hold_the_truth_nine_times_in_ten(kind: str) -> None:
    held, _ = coverage(KINDS[kind], 10, experiments=400)
    assert 0.90 <= held <= 0.98
