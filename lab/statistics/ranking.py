"""Which of several rows is faster than which, which tie, and where that is not known.

All pairs of rows are compared at one step of the load, by a figure of which more is faster
(throughput; of times, the inverse). There are two ways to claim that one is faster:

- *far apart*: at least 3 trials each, and every trial of the one is 1.5 times every trial of the
  other. No model was ever so far from itself (docs/decisions/0504-order.md).
- *tested*: the interval of the ratio excludes 1, the gap exceeds what this host shows between two
  copies of one image (the noise floor), and the test's p is below 0.05 after Holm's correction over
  the pairs that are not far apart.

A row that the load generator held back did at least its figure. It can be faster than another, but
no row is faster than it. A claim against the order of the medians is not made either: claims follow
one order, so that they never go round in a circle.

Two rows tie where the interval of their ratio lies within 5 % of 1. Everything else is unknown,
with the first thing that was missing as its reason.

With many rows and few blocks, Holm's correction leaves only differences that every block shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median
from typing import Literal

from lab.statistics.ratio import PairedRatio, Ratio, adjusted, paired_ratio

Values = Mapping[int, float]  # by block
Verdict = Literal["faster", "slower", "tie", "unknown"]
Doubt = Literal["the interval holds 1", "within the noise floor", "may be chance among so many"]
SURPRISING = 0.05
FEWEST_BLOCKS = 6  # the signs of 5 blocks agree by chance in 2 of 32 cases, which is over 0.05
FAR = 1.5
FAR_TRIALS = 3
SAME = 1.05  # times: the interval of a tie's ratio lies within this
FAR_APART = "far apart"
TOO_FEW = "too few blocks"


@dataclass(frozen=True)
class Comparison:
    """`first` is faster or slower than `second`, or they tie, or that is not known, and why."""

    first: str
    second: str
    ratio: PairedRatio | None  # None: there is none to be made (see paired_ratio)
    p_adjusted: float | None  # by Holm; None where the pair needed no test
    verdict: Verdict
    reason: str | None = None

    @property
    def apart(self) -> bool:
        return self.verdict in ("faster", "slower")

    @property
    def turned(self) -> Comparison:
        """The same, of the second to the first."""
        ratio = self.ratio and replace(self.ratio, interval=self.ratio.interval.inverse)
        verdict = TURNED.get(self.verdict, self.verdict)
        return replace(self, first=self.second, second=self.first, ratio=ratio, verdict=verdict)


TURNED: Mapping[Verdict, Verdict] = {"faster": "slower", "slower": "faster"}


def compare_all(
    values: Mapping[str, Values],
    noise_floor: float | None,
    seed: int,
    at_least: Set[str] = frozenset(),
) -> list[Comparison]:
    """Every pair of rows, in their order. `at_least`: those that the load generator held back.

    A noise floor of 0.02: two copies of one image came out 2 % apart. None, unknown, counts as 0.
    """
    floor = noise_floor or 0.0
    pairs = list(combinations(values, 2))
    ratios = [paired_ratio(values[first], values[second], seed) for first, second in pairs]
    needless = [
        {first, second} <= at_least or far_apart(values[first], values[second], floor) is not None
        for first, second in pairs
    ]
    ps = adjusted([None if skip else r for skip, r in zip(needless, ratios, strict=True)])
    found = []
    for (first, second), ratio, skip, p in zip(pairs, ratios, needless, ps, strict=True):
        one, other = values[first], values[second]
        verdict, reason = _judge(one, other, ratio, p, floor)
        verdict, reason = _allowed(verdict, reason, first in at_least, second in at_least)
        found.append(Comparison(first, second, ratio, None if skip else p, verdict, reason))
    return found


def far_apart(first: Values, second: Values, floor: float = 0.0) -> Verdict | None:
    """Whether one is faster in every trial by a factor that no noise makes."""
    if min(len(first), len(second)) < FAR_TRIALS:
        return None
    for better, worse, verdict in ((first, second, "faster"), (second, first, "slower")):
        least, most = min(better.values()), max(worse.values())
        if least > 0 and most / least <= 1 / FAR and 1 - most / least > floor:
            return "faster" if verdict == "faster" else "slower"
    return None


def _judge(
    first: Values, second: Values, ratio: PairedRatio | None, p_adjusted: float, floor: float
) -> tuple[Verdict, str | None]:
    if (far := far_apart(first, second, floor)) is not None:
        return far, FAR_APART
    if ratio is None:
        return "unknown", "no ratio"
    few = TOO_FEW if ratio.blocks < FEWEST_BLOCKS else None
    missing = few or doubt(ratio, p_adjusted, floor)
    if missing is None:
        faster = ratio.interval.mid > 1
        if faster == (median(first.values()) > median(second.values())):
            return ("faster" if faster else "slower"), None
        missing = "the medians say otherwise"
    if few is None and _same(ratio):
        return "tie", None
    return "unknown", missing


def _same(ratio: Ratio) -> bool:
    return ratio.interval.low >= 1 / SAME and ratio.interval.high <= SAME


def _allowed(
    verdict: Verdict, reason: str | None, first_at_least: bool, second_at_least: bool
) -> tuple[Verdict, str | None]:
    """What may be said where figures are lower bounds."""
    if first_at_least and second_at_least:
        return "unknown", "the load generator held both back"
    against = (verdict == "faster" and second_at_least) or (verdict == "slower" and first_at_least)
    if against or (verdict == "tie" and (first_at_least or second_at_least)):
        return "unknown", "the load generator held one back"
    return verdict, reason


def doubt(ratio: Ratio, p_adjusted: float, floor: float) -> Doubt | None:
    """The first thing that a claim of difference lacks, of two models or of one in two runs.

    `p_adjusted`: by Holm, over all that are compared with it.
    """
    if ratio.interval.holds(1):
        return "the interval holds 1"
    if gap(ratio.interval.mid) <= floor:
        return "within the noise floor"
    return "may be chance among so many" if p_adjusted >= SURPRISING else None


def gap(ratio: float) -> float:
    """By how much the slower falls short: the same for a ratio and its inverse."""
    return 1 - min(ratio, 1 / ratio)
