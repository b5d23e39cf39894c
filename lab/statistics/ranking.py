"""Which model is faster than which, and which cannot be told apart. Pure.

All pairs of models are compared at one step of the load, by a figure of which more is faster
(throughput; for times, hand in their inverses). A difference is claimed only where three things
agree: the ratio's interval excludes 1, the gap exceeds what this host shows between two copies of
one image (the noise floor), and the test's p, corrected for the number of pairs, is below 0.05.
Anything else is a tie, with the first thing that was missing as its reason.

It loses with many models and few blocks: 21 pairs at 10 blocks leave only those differences that
every block shows.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from lab.statistics.ratio import PairedRatio, Ratio, adjusted, paired_ratio

Verdict = Literal["faster", "slower", "tie"]
Doubt = Literal["the interval holds 1", "within the noise floor", "may be chance among so many"]
SURPRISING = 0.05
FEWEST_BLOCKS = 6  # the signs of 5 blocks agree by chance in 2 of 32 cases, which is over 0.05


@dataclass(frozen=True)
class Comparison:
    """`first` is faster or slower than `second`, or neither, and then for what `reason`."""

    first: str
    second: str
    ratio: PairedRatio | None  # None: there is none to be made (see paired_ratio)
    p_adjusted: float  # by Holm, over all pairs that have a ratio
    verdict: Verdict
    reason: str | None = None

    @property
    def turned(self) -> Comparison:
        """The same, of the second to the first."""
        ratio = self.ratio and replace(self.ratio, interval=self.ratio.interval.inverse)
        return replace(
            self, first=self.second, second=self.first, ratio=ratio, verdict=TURNED[self.verdict]
        )


TURNED: Mapping[Verdict, Verdict] = {"faster": "slower", "slower": "faster", "tie": "tie"}


def compare_all(
    values: Mapping[str, Mapping[int, float]], noise_floor: float | None, seed: int
) -> list[Comparison]:
    """Every pair of models, in their order; values by model, then by block.

    A noise floor of 0.02: two copies of one image came out 2 % apart. None, unknown, counts as 0.
    """
    pairs = list(combinations(values, 2))
    ratios = [paired_ratio(values[first], values[second], seed) for first, second in pairs]
    return [
        _compare(*pair, ratio, p_adjusted, noise_floor or 0.0)
        for pair, ratio, p_adjusted in zip(pairs, ratios, adjusted(ratios), strict=True)
    ]


def _compare(
    first: str, second: str, ratio: PairedRatio | None, p_adjusted: float, floor: float
) -> Comparison:
    if ratio is None:
        return Comparison(first, second, None, p_adjusted, "tie", "no ratio")
    few = "too few blocks" if ratio.blocks < FEWEST_BLOCKS else None
    if (reason := few or doubt(ratio, p_adjusted, floor)) is not None:
        return Comparison(first, second, ratio, p_adjusted, "tie", reason)
    verdict: Verdict = "faster" if ratio.interval.mid > 1 else "slower"
    return Comparison(first, second, ratio, p_adjusted, verdict)


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


def groups(names: Sequence[str], comparisons: Sequence[Comparison]) -> dict[str, str]:
    """Letters by name, `names` being in order of their medians, the best first.

    Two names share a letter exactly where they tie. Ties do not chain (a = b and b = c leave a and
    c open), so a name may carry several letters. Insert and absorb (Piepho 2004): all start in one
    group; each difference splits every group that holds both, and a group within another goes.
    """
    held = [frozenset(names)]
    for each in comparisons:
        if each.verdict == "tie":
            continue
        split = [
            part
            for group in held
            for part in (
                (group - {each.first}, group - {each.second})
                if {each.first, each.second} <= group
                else (group,)
            )
        ]
        whole = dict.fromkeys(split)  # each once
        held = [group for group in whole if not any(group < other for other in whole)]
    place = {name: at for at, name in enumerate(names)}
    held.sort(key=lambda group: sorted(place[name] for name in group))
    lettered = list(zip(string.ascii_letters, held, strict=False))  # seven names need 12 at most
    return {name: "".join(letter for letter, group in lettered if name in group) for name in names}
