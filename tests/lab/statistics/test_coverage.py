"""What docs/measuring.md promises of the intervals, asked again of the method in use."""

from __future__ import annotations

import numpy as np
import pytest

from lab.statistics.interval import median_interval
from tests.simulations.coverage import Covered, bca, measure, order_statistics, percentile


@pytest.fixture(scope="module")
def covered() -> list[Covered]:
    return list(measure((percentile, order_statistics)))


def of(covered: list[Covered], method: str, trials: int) -> list[Covered]:
    return [each for each in covered if (each.method, each.trials) == (method, trials)]


def test_what_is_measured_is_what_is_used() -> None:
    trials = np.random.default_rng(0).normal(1, 0.05, (3, 10))
    for line, low, high in zip(trials, *percentile(trials), strict=True):
        used = median_interval(list(line))
        assert used is not None
        assert (used.low, used.high) == (low, high)


def test_ten_trials_hold_the_median_in_90_percent_and_more(covered: list[Covered]) -> None:
    assert all(each.coverage >= 0.92 for each in of(covered, "percentile", 10))


def test_five_trials_hold_it_as_often_as_their_ends_do(covered: list[Covered]) -> None:
    """15 of 16: all five fall on one side of the median in 2 of 32 cases."""
    assert all(abs(each.coverage - 15 / 16) < 0.03 for each in of(covered, "percentile", 5))


def test_order_statistics_hold_more_than_asked_and_are_wider(covered: list[Covered]) -> None:
    """Ranks 2 and 9 of 10 hold the median in 97.9 % whatever the distribution."""
    ours, ranks = of(covered, "percentile", 10), of(covered, "order statistics", 10)
    assert all(abs(each.coverage - 0.979) < 0.02 for each in ranks)
    assert all(us.width < they.width for us, they in zip(ours, ranks, strict=True))


def test_bca_of_symmetric_trials_is_the_percentile_interval() -> None:
    trials = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]])
    assert np.allclose(bca(trials), percentile(trials))
