"""What to be wary of in a cell's trials: that they scatter, and that they drift over the run.

Both are told, never mended: no trial is left out for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, median, stdev
from typing import Literal

NOISY, UNSTABLE = 0.05, 0.10  # coefficient of variation, over
FEWEST_BLOCKS = 6  # below it, no order of the blocks is rare enough
RARE = 0.01  # p of a trend: with a hundred cells in a report, about one cries wolf
DRIFT = 0.05  # a share of the figure over the run: less hurts nobody

Spread = Literal["steady", "noisy", "unstable"]


def spread(values: Sequence[float]) -> Spread | None:
    """None where there is nothing to compare."""
    if len(values) < 2 or fmean(values) <= 0:
        return None
    variation = stdev(values) / fmean(values)
    return "unstable" if variation > UNSTABLE else "noisy" if variation > NOISY else "steady"


def drifts(values: Mapping[int, float]) -> float | None:
    """How much a figure grew from the first block to the last, as a share; None where it did not.

    The slope is Theil and Sen's, the test Kendall's: one wild trial moves neither.
    """
    if len(values) < FEWEST_BLOCKS or len(set(values.values())) < 2:
        return None
    from scipy import stats  # noqa: PLC0415 - half a second, and only long runs need it

    blocks = sorted(values)
    figures = [values[block] for block in blocks]
    trend = stats.kendalltau(blocks, figures)
    slope = stats.theilslopes(figures, blocks).slope
    grown = float(slope) * (blocks[-1] - blocks[0]) / median(figures)
    return grown if trend.pvalue < RARE and abs(grown) > DRIFT else None
