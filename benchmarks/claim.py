"""One claim: what is made of a row's rounds, its bound, and the verdict.

A claim makes one value of each round in which all that it needs went well, and their median is held
against the bound. What disturbs the host for a while disturbs both sides of a round; so ratios are
made within rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.inside.measured import Measured

Rounds = Mapping[str, Mapping[int, Measured]]  # side -> round -> what was measured
Values = Callable[[Rounds], list[float]]


@dataclass(frozen=True)
class Claim:
    """`bound` is the least value, or the greatest where `at_most`; `form` writes a value."""

    row: str
    measure: str
    values: Values
    bound: float
    form: str
    at_most: bool = False
    missed: str = "missed"  # the verdict beyond the bound

    def judge(self, figures: Iterable[Measured], rounds: int) -> Judged:
        """`rounds`: how many there should be."""
        return Judged(self, tuple(self.values(by_side(self.row, figures))), rounds)


@dataclass(frozen=True)
class Judged:
    """`values`: of the rounds that went well, of `rounds`."""

    claim: Claim
    values: tuple[float, ...]
    rounds: int

    @property
    def value(self) -> float | None:
        return median(self.values) if self.values else None

    @property
    def spread(self) -> str:
        """From the least to the greatest."""
        ends = (min(self.values), max(self.values)) if self.values else ()
        return " to ".join(map(self.claim.form.format, ends)) or "-"

    @property
    def verdict(self) -> str:
        """`pass`, the claim's own word, or `erring`: not every round went well."""
        if self.value is None or len(self.values) < self.rounds:
            return "erring"
        claim = self.claim
        reached = self.value <= claim.bound if claim.at_most else self.value >= claim.bound
        return "pass" if reached else claim.missed


def by_side(row: str, figures: Iterable[Measured]) -> Rounds:
    """One row's own among all."""
    found: dict[str, dict[int, Measured]] = {}
    for each in figures:
        if each.row == row:
            found.setdefault(each.side, {})[each.round] = each
    return found


def typical(rounds: Rounds, side: str, name: str) -> float | None:
    """The median of a value over a side's good rounds."""
    good = [each.values[name] for each in rounds.get(side, {}).values() if each.good]
    return median(good) if good else None


def best(rounds: Rounds, sides: Sequence[str], name: str) -> str:
    """The side of the highest median stands for its kind."""
    return max(sides, key=lambda side: typical(rounds, side, name) or 0.0)


def ratio(name: str, ours: Sequence[str], theirs: Sequence[str]) -> Values:
    """The best of ours by the best of theirs."""

    def values(rounds: Rounds) -> list[float]:
        our, their = (rounds.get(best(rounds, sides, name), {}) for sides in (ours, theirs))
        return [
            our[at].values[name] / their[at].values[name]
            for at in sorted(our.keys() & their.keys())
            if our[at].good and their[at].good
        ]

    return values
