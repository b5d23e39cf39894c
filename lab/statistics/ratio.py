"""How two models compare: the ratio of their trials, block by block, and of whole runs.

Within a block both met the same minutes of the host, so what drifts falls out of their ratio. The
ratio is the median of the blocks' with its bootstrap interval; the test of whether it is one is a
sign-flip permutation of the log ratios (were the two alike, each block could as well have come out
the other way round), by their sum. Every way of flipping is counted up to 14 blocks, beyond that
10,000 drawn ones are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from lab.statistics.interval import FEWEST, TAILS, Interval, median_interval, medians

ALL_FLIPS = 14  # blocks: 16,384 ways
DRAWN = 10_000


@dataclass(frozen=True)
class Ratio:
    """`p`: how likely at least so large a difference were if there was none."""

    interval: Interval
    p: float
    blocks: int


def paired_ratio(
    first: Mapping[int, float], second: Mapping[int, float], seed: int = 0
) -> Ratio | None:
    """By block. None where fewer than five blocks have both, or a figure is not positive."""
    blocks = sorted(first.keys() & second.keys())
    if any(first[block] <= 0 or second[block] <= 0 for block in blocks):
        return None
    logs = [log(first[block] / second[block]) for block in blocks]
    found = median_interval(logs, seed)
    if found is None:
        return None
    interval = Interval(exp(found.low), exp(found.mid), exp(found.high))
    return Ratio(interval, sign_flip(logs, seed), len(blocks))


def sign_flip(values: Sequence[float], seed: int = 0) -> float:
    """Two-sided p of the sum being nought, where each value could have had either sign."""
    magnitudes = np.asarray(values, dtype=float)
    count = len(magnitudes)
    if count <= ALL_FLIPS:
        ways = np.arange(2**count)[:, None] >> np.arange(count) & 1
        extra = 0
    else:
        ways = np.random.default_rng(seed).integers(0, 2, (DRAWN, count))
        extra = 1  # what was observed is one of the ways, too
    sums = np.abs((1 - 2 * ways) @ magnitudes)
    as_large = int((sums >= abs(magnitudes.sum()) * (1 - 1e-9)).sum())
    return (as_large + extra) / (len(ways) + extra)


def ratio_of_medians(
    first: Sequence[float], second: Sequence[float], seed: int = 0
) -> Interval | None:
    """Of two runs, whose blocks have nothing in common: each is resampled by itself."""
    if len(first) < FEWEST or len(second) < FEWEST or min(*first, *second) <= 0:
        return None
    ratios = medians(first, seed) / medians(second, seed + 1)
    low, high = np.percentile(ratios, TAILS)
    return Interval(float(low), float(np.median(first) / np.median(second)), float(high))


def holm(ps: Sequence[float]) -> list[float]:
    """Each p adjusted for the number of comparisons (S. Holm, 1979), in the order given."""
    adjusted = [0.0] * len(ps)
    worst = 0.0
    for rank, index in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        worst = max(worst, min(1.0, (len(ps) - rank) * ps[index]))
        adjusted[index] = worst
    return adjusted
