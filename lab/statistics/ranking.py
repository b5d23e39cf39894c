"""Which of several models differ, and their ranks as groups that cannot be told apart.

A difference is claimed where the interval of the ratio excludes one, the gap is beyond the host's
noise floor, and the test holds after Holm's correction over all pairs. Everything else is a tie.

Being told apart does not make groups by itself: A may tie with B, and B with C, while A and C
differ. So ranks are letters (a compact letter display, H.-P. Piepho, 2004): two models share a
letter exactly where they tie, and one model may have several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_lowercase

from lab.statistics.ratio import Ratio, holm, paired_ratio

SIGNIFICANT = 0.05
FEWEST_BLOCKS = 6  # of five, every way of flipping is no rarer than one in sixteen


@dataclass(frozen=True)
class Comparison:
    """`ratio` is None where there were too few blocks to have one."""

    first: str
    second: str
    ratio: Ratio | None
    p_adjusted: float
    differs: bool

    @property
    def words(self) -> str:
        """The verdict, for people."""
        if self.differs:
            return "differ"
        if self.ratio is None or self.ratio.blocks < FEWEST_BLOCKS:
            return "tie (too few blocks to tell)"
        return "tie"


def compare_all(
    values: Mapping[str, Mapping[int, float]], noise_floor: float | None, seed: int = 0
) -> list[Comparison]:
    """All pairs. `values`: each model's figure by block; `noise_floor`: a share, as 0.02."""
    pairs = list(combinations(values, 2))
    ratios = [paired_ratio(values[first], values[second], seed) for first, second in pairs]
    adjusted = iter(holm([ratio.p for ratio in ratios if ratio]))
    found = []
    for (first, second), ratio in zip(pairs, ratios, strict=True):
        p = next(adjusted) if ratio else 1.0
        differs = ratio is not None and p < SIGNIFICANT and _apart(ratio, noise_floor or 0.0)
        found.append(Comparison(first, second, ratio, p, differs))
    return found


def _apart(ratio: Ratio, noise_floor: float) -> bool:
    gap = abs(ratio.interval.mid - 1.0)
    return gap > noise_floor and not ratio.interval.holds(1.0)


def groups(best_first: Sequence[str], comparisons: Sequence[Comparison]) -> dict[str, str]:
    """Each one's letters. Insert and absorb: a column holding a pair that differs is split in two,
    each without one of the pair; columns within others are dropped."""
    columns = [frozenset(best_first)]
    for each in comparisons:
        if not each.differs:
            continue
        pair = {each.first, each.second}
        split = [column - {one} for column in columns if pair <= column for one in sorted(pair)]
        columns = [column for column in columns if not pair <= column] + split
        columns = [
            column
            for place, column in enumerate(columns)
            if not any(
                column < other or (column == other and place > earlier)
                for earlier, other in enumerate(columns)
            )
        ]
    order = {name: place for place, name in enumerate(best_first)}
    columns.sort(key=lambda column: sorted(order[name] for name in column))
    return {
        name: "".join(_letter(place) for place, column in enumerate(columns) if name in column)
        for name in best_first
    }


def _letter(place: int) -> str:
    """a to z, then a1, b1, ..."""
    rounds, letter = divmod(place, len(ascii_lowercase))
    return ascii_lowercase[letter] + (str(rounds) if rounds else "")
