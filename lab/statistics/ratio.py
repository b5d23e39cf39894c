"""How many times one model's figure is another's: paired by block, or of two runs apart.

Within a run the trials of a block stood under the same conditions and the same sequence of
requests, so each block gives one ratio and what the block did to both falls out of it. The ratio
of the two is the geometric mean of the blocks' ratios: on the scale of logarithms a difference of
two equally noisy trials is symmetric, which is what both Student's interval and the sign-flip test
ask for. The mean, not the median: its interval is as narrow with 10 blocks, holds what it should
with as few as 5, and says the same as the test, which flips the signs of a mean.

A few trials that are far off widen the interval, so that a difference may go unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from lab.statistics.interval import (
    FEWEST_TRIALS,
    OUTSIDE,
    RESAMPLES,
    Floats,
    Interval,
    draws,
    middle_95,
    resampled_medians,
)

FEWEST_BLOCKS = 2  # one ratio says nothing of its own spread
EXACT_BLOCKS = 14  # up to here every pattern of signs is tried: 16,384
FLIPS = 10_000  # beyond, as many at random
FEWEST_SITTINGS = 5  # of one of two runs: fewer, and the interval holds whatever one asks
ROUNDING = 1e-9  # sums of the same numbers in another order differ by less


@dataclass(frozen=True)
class Ratio:
    """First over second; `p` of the test that they are alike, before any correction."""

    interval: Interval
    p: float


@dataclass(frozen=True)
class PairedRatio(Ratio):
    """`p` of the sign-flip test over so many blocks."""

    blocks: int


def paired_ratio(
    first: Mapping[int, float], second: Mapping[int, float], seed: int = 0
) -> PairedRatio | None:
    """Over the blocks that have both. None below two, or where a value is not positive."""
    blocks = sorted(first.keys() & second.keys())
    pairs = np.array([(first[block], second[block]) for block in blocks], dtype=np.float64)
    if len(blocks) < FEWEST_BLOCKS or pairs.min() <= 0:
        return None
    logs = np.log(pairs[:, 0] / pairs[:, 1])
    low, high = mean_interval(logs[None, :])
    interval = Interval(*(float(np.exp(log)) for log in (low[0], logs.mean(), high[0])))
    return PairedRatio(interval, sign_flip(logs, seed), len(blocks))


def mean_interval(experiments: Floats) -> tuple[Floats, Floats]:
    """Student's 95 % interval of each line's mean."""
    count = experiments.shape[1]
    error = experiments.std(axis=1, ddof=1) / np.sqrt(count)
    reach = stats.t.ppf(1 - OUTSIDE, count - 1) * error
    mean = experiments.mean(axis=1)
    return mean - reach, mean + reach


def sign_flip(logs: Floats, seed: int = 0) -> float:
    """If two models are alike, each block's log ratio might as well have had the other sign:
    how often would the sum, on either side, then be as far from 0 as the one we saw?
    """
    sums = np.abs(_signs(len(logs), seed) @ logs)
    as_far = int(np.count_nonzero(sums >= abs(logs.sum()) - ROUNDING))
    if len(logs) <= EXACT_BLOCKS:
        return as_far / len(sums)
    return (as_far + 1) / (len(sums) + 1)  # what we saw is one of the patterns


@lru_cache(maxsize=8)
def _signs(blocks: int, seed: int) -> NDArray[np.float64]:
    if blocks > EXACT_BLOCKS:
        return np.random.default_rng(seed).choice([-1.0, 1.0], (FLIPS, blocks))
    patterns = np.arange(2**blocks)[:, None] >> np.arange(blocks)
    return np.where(patterns & 1, 1.0, -1.0)


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's adjusted p values, in the order given: the smallest times their number, and so on."""
    found = [0.0] * len(ps)
    at_least = 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda place: ps[place])):
        at_least = max(at_least, min(1.0, (len(ps) - rank) * ps[place]))
        found[place] = at_least
    return found


def adjusted(ratios: Sequence[Ratio | None]) -> list[float]:
    """Each one's p by Holm over those that there are; 1 where there is none."""
    by_holm = iter(holm([ratio.p for ratio in ratios if ratio is not None]))
    return [1.0 if ratio is None else next(by_holm) for ratio in ratios]


def ratio_of_medians(
    first: Sequence[float], second: Sequence[float], seed: int = 0
) -> Ratio | None:
    """Of two runs, whose blocks have nothing in common: each is drawn again on its own.

    `p` is twice the share of draws on the rarer side of 1, so that it is below 0.05 where the
    interval excludes 1. None below five trials on either side, or where a value is not positive.
    """
    if min(len(first), len(second)) < FEWEST_TRIALS or min(*first, *second) <= 0:
        return None
    above, below = (np.asarray([values], dtype=np.float64) for values in (first, second))
    ranks = draws(len(first), 2 * seed), draws(len(second), 2 * seed + 1)  # independent draws
    drawn = resampled_medians(above, ranks[0]) / resampled_medians(below, ranks[1])
    low, high = middle_95(drawn)
    interval = Interval(float(low[0]), float(np.median(above) / np.median(below)), float(high[0]))
    rarer = min(int(np.count_nonzero(side)) for side in (drawn <= 1, drawn >= 1))
    return Ratio(interval, min(1.0, 2 * (rarer + 1) / (RESAMPLES + 1)))


def ratio_of_sittings(
    first: Sequence[Sequence[float]], second: Sequence[Sequence[float]]
) -> Ratio | None:
    """Of two runs, each a list of sittings with their trials: Student's interval for two samples,
    of which a sitting's mean, on the scale of logarithms, is one value (Kalibera and Jones 2013:
    repeat at the level where figures vary).

    The spread between the sittings of one run is taken for the other's too, so that one of them may
    be a single sitting: what a run of today may differ from those of the other days. Where that
    sitting has more trials than each of the others had, the interval is too wide rather than too
    narrow. None without FEWEST_SITTINGS on one side and five trials on both, or where a value is
    not positive.
    """
    runs = (first, second)
    if max(map(len, runs)) < FEWEST_SITTINGS:
        return None
    if min(sum(map(len, run)) for run in runs) < FEWEST_TRIALS:
        return None
    if min(value for run in runs for trials in run for value in trials) <= 0:
        return None
    # scipy's ttest_ind gives the same, and warns where all sittings agree, which is no fault.
    above, below = (np.array([np.log(trials).mean() for trials in run]) for run in runs)
    freedom = len(above) + len(below) - 2
    squares = sum(float(((means - means.mean()) ** 2).sum()) for means in (above, below))
    error = np.sqrt(squares / freedom * (1 / len(above) + 1 / len(below)))
    reach = stats.t.ppf(1 - OUTSIDE, freedom) * error
    mid = above.mean() - below.mean()
    interval = Interval(*(float(np.exp(log)) for log in (mid - reach, mid, mid + reach)))
    p = 2 * stats.t.sf(abs(mid) / error, freedom) if error else float(mid == 0)
    return Ratio(interval, float(p))
