"""The median of a cell's trials, and how far it can be trusted: a 95 % interval by bootstrap.

The trials are drawn again 10,000 times, with replacement; the middle 95 % of the medians that come
out are the interval. Six ways to make one were measured (tests/simulations/coverage.py; the table
is in docs/measuring.md): this percentile bootstrap is the simplest of those that hold the truth
often enough and that a bad trial hardly widens. At 5 trials it is their smallest and their largest.

It loses below 5 trials: the smallest and the largest of 4 cover the median in 87.5 % of cases, of 3
in 75 %, so nothing drawn from them is a 95 % interval. We then give none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
OUTSIDE = 0.025  # on either side of a 95 % interval
RESAMPLES = 10_000
FEWEST_TRIALS = 5


@dataclass(frozen=True)
class Interval:
    """An estimate and the 95 % interval around it, in the unit of what was measured."""

    low: float
    mid: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def inverse(self) -> Interval:
        """Of a ratio, the other way round."""
        return Interval(1 / self.high, 1 / self.mid, 1 / self.low)


def median_interval(values: Sequence[float], seed: int = 0) -> Interval | None:
    """The same trials and seed give the same interval, in whatever order they come."""
    if len(values) < FEWEST_TRIALS:
        return None
    experiment = np.asarray([values], dtype=np.float64)
    low, high = middle_95(resampled_medians(experiment, draws(len(values), seed)))
    return Interval(float(low[0]), float(np.median(experiment)), float(high[0]))


def draws(trials: int, seed: int) -> NDArray[np.intp]:
    """Which trials each resample drew, by rank and in rising order: 10,000 lines of `trials`."""
    chance = np.random.default_rng(seed)
    return np.sort(chance.integers(0, trials, (RESAMPLES, trials), dtype=np.intp), axis=1)


def resampled_medians(experiments: Floats, ranks: NDArray[np.intp]) -> Floats:
    """A line of medians for each experiment (a line of trials).

    Ranks drawn from sorted trials say where a resample's middle is: no resample is made or sorted.
    """
    ordered = np.sort(experiments, axis=1)
    trials = ordered.shape[1]
    lower, upper = ranks[:, (trials - 1) // 2], ranks[:, trials // 2]
    return (ordered[:, lower] + ordered[:, upper]) / 2


def middle_95(estimates: Floats) -> tuple[Floats, Floats]:
    """The ends of each line's middle 95 %."""
    low, high = np.quantile(estimates, [OUTSIDE, 1 - OUTSIDE], axis=1)
    return low, high
