"""The interval of a median: against scipy's own bootstrap, and where there can be none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lab.statistics.interval import Interval, median_interval

TEN = [101.0, 99.5, 98.0, 103.0, 100.2, 97.1, 104.4, 100.9, 96.3, 102.2]


def test_the_middle_is_the_median_of_the_trials() -> None:
    interval = median_interval(TEN)
    assert interval is not None
    assert interval.mid == np.median(TEN)
    assert interval.low < interval.mid < interval.high


def test_it_agrees_with_the_percentile_bootstrap_of_scipy() -> None:
    ours = median_interval(TEN)
    theirs = stats.bootstrap(
        (TEN,), np.median, n_resamples=10_000, method="percentile", rng=np.random.default_rng(3)
    ).confidence_interval
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=0.005)


def test_five_trials_give_their_smallest_and_largest() -> None:
    assert median_interval([5.0, 1.0, 4.0, 2.0, 3.0]) == Interval(1.0, 3.0, 5.0)


@pytest.mark.parametrize("trials", range(5))
def test_below_five_trials_there_is_no_such_interval(trials: int) -> None:
    assert median_interval(TEN[:trials]) is None


def test_trials_that_all_agree_leave_no_doubt() -> None:
    assert median_interval([7.0] * 10) == Interval(7.0, 7.0, 7.0)


def test_neither_the_order_of_trials_nor_a_second_call_changes_it() -> None:
    assert median_interval(TEN) == median_interval(TEN[::-1]) == median_interval(TEN)


def test_it_is_in_the_unit_of_the_trials() -> None:
    plain, scaled = median_interval(TEN), median_interval([value * 1000 for value in TEN])
    assert plain is not None
    assert scaled is not None
    assert scaled.low == pytest.approx(plain.low * 1000)


def test_its_ends_belong_to_it() -> None:
    assert Interval(1.0, 2.0, 3.0).holds(1.0)
    assert not Interval(1.0, 2.0, 3.0).holds(3.01)
