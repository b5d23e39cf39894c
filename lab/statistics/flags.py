"""Noise and drift: flagged beside the figure, never a reason to drop a trial.

Noise is the coefficient of variation over a cell's trials. Drift is the slope over the blocks by
Theil and Sen (the median of the slopes between all pairs, which a bad trial hardly moves), and it
counts only where Kendall's test finds a trend and the trend is large enough to matter.

It loses on drift that turns back half-way: a slope sees only what rises or falls throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, median, stdev
from typing import Literal

from scipy import stats

Spread = Literal["steady", "noisy", "unstable"]
NOISY = 0.05
UNSTABLE = 0.10
FEWEST_BLOCKS = 6  # below, no order of the trials is rare enough for TREND
TREND = 0.01  # of p: a run of 100 cells without drift would flag one
DRIFTED = 0.05  # over the run; less is within what a model's trials differ by anyhow


def variation(values: Sequence[float]) -> float | None:
    """The standard deviation as a share of the mean. None below two trials, or around 0."""
    if len(values) < 2 or not (mean := fmean(values)):
        return None
    return stdev(values, mean) / abs(mean)


def spread(values: Sequence[float]) -> Spread | None:
    """In a word. None where there is no coefficient of variation."""
    share = variation(values)
    if share is None:
        return None
    return "unstable" if share > UNSTABLE else "noisy" if share > NOISY else "steady"


def drifts(values_by_block: Mapping[int, float]) -> float | None:
    """How far the figure moved over the run, as a share of its median: -0.08 is 8 % down.

    None where it did not, or where too few blocks cannot say.
    """
    blocks = sorted(values_by_block)
    values = [values_by_block[block] for block in blocks]
    if len(blocks) < FEWEST_BLOCKS or len(set(values)) == 1 or not (middle := median(values)):
        return None
    if stats.kendalltau(blocks, values).pvalue >= TREND:
        return None
    per_block = float(stats.theilslopes(values, blocks).slope)
    moved = per_block * (blocks[-1] - blocks[0] + 1) / abs(float(middle))
    return moved if abs(moved) > DRIFTED else None
