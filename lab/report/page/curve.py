"""A histogram as the line of an HDR plot: how slow the slowest 1/x of the answers were.

The axis is 1 / (1 - q), so every further nine of a percentile is as wide as the one before it. A
line ends where fewer than ten answers were slower: beyond, it would tell of single answers.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from loadgen.formats import histogram as hdr
from loadgen.formats.record import HdrHistogram

PER_DECADE = 24  # points of the line to one nine
BEYOND = 10  # answers that must be slower than the last point

Point = tuple[float, int]  # 1 / (1 - q), microseconds


def curve(histogram: HdrHistogram) -> tuple[Point, ...]:
    """Some 120 points for a million answers; none where there were fewer than twenty."""
    count = int(histogram.get_total_count())
    if count < 2 * BEYOND:
        return ()
    found = list(hdr.steps(histogram))
    below = list(accumulate(many for _, many in found))
    decades = math.log10(count / BEYOND)
    steps = max(1, math.ceil(decades * PER_DECADE))
    tails = [10 ** (decades * step / steps) for step in range(steps + 1)]
    return tuple((tail, _at(tail, count, found, below)) for tail in tails)


def _at(tail: float, count: int, found: Sequence[tuple[int, int]], below: Sequence[int]) -> int:
    """The value that all but one in `tail` answers stayed under, by HdrHistogram's rank."""
    rank = max(1, int(count * (1 - 1 / tail) + 0.5))
    return found[min(bisect_left(below, rank), len(found) - 1)][0]
