"""Seeks the highest rate at which a server still meets an objective, in few trials.

Doubling or halving from a first guess brackets the limit, bisection narrows it: by equal ratios, as
one per cent is one per cent at any rate. The next rate follows from what was tried and from nothing
else, so a run that was broken off finds its way again.

One bad trial in a noisy minute would lose half of the range for good, so a rate that fails is tried
once more and counts as failed only where both did; what passes is believed. A saturated server
tells what it did achieve, which shortens the way down. If the curve is not monotone, the answer
lies below the lowest rate that failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from lab.records.record import Frozen

START_RPS = 1_000.0  # between what a fork and what a loop can do
LEAST_RPS, MOST_RPS = 1.0, 1_000_000.0
RESOLUTION = 1.02  # trials of one rate differ by as much


class Tried(Frozen):
    """One trial of the search."""

    trial: str  # the folder of its records
    rate_rps: float
    passed: bool
    why: str | None  # it did not
    at_us: int | None = None  # the objective's percentile of the response time
    achieved_rps: float | None = None
    kept_up: bool = False  # achieved what was offered
    generator_bound: bool = False


def next_rate(tried: Sequence[Tried], trials: int) -> float | None:
    """The rate to try next; None where all is found, or `trials` are spent."""
    if len(tried) >= trials:
        return None
    if not tried:
        return START_RPS
    last = tried[-1]
    if not last.passed and sum(each.rate_rps == last.rate_rps for each in tried) == 1:
        return last.rate_rps
    low, high = bracket(tried)
    if high is None:
        assert low is not None
        return _rounded(min(2 * low, MOST_RPS)) if low < MOST_RPS else None
    if low is None:
        return _down(tried, high) if high > LEAST_RPS else None
    # Far apart they are only where the way down was a leap to what was achieved: it is near there.
    return _rounded(min(2 * low, sqrt(low * high))) if high / low > RESOLUTION else None


def bracket(tried: Sequence[Tried]) -> tuple[float | None, float | None]:
    """The highest rate that passed below the lowest that failed, and that one."""
    passed = {each.rate_rps for each in tried if each.passed}
    high = min((each.rate_rps for each in tried if each.rate_rps not in passed), default=None)
    low = max((rate for rate in passed if high is None or rate < high), default=None)
    return low, high


def _down(tried: Sequence[Tried], high: float) -> float:
    """Half, or what was achieved where that is even less."""
    achieved = [
        each.achieved_rps
        for each in tried
        if each.rate_rps == high and each.achieved_rps is not None
    ]
    return max(LEAST_RPS, _rounded(min([high / 2, *achieved])))


def _rounded(rate_rps: float) -> float:
    """To three digits, as one would name it."""
    return float(f"{rate_rps:.3g}")
