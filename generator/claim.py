"""One claim on the engine: what is made of a row's rounds, its bound, and the verdict. Pure.

A claim makes one value of each round in which all that it needs went well, and their median is held
against the bound. What disturbs the host for a while disturbs both sides of a round; so ratios are
made within rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

from generator.inside.events import Measured

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


@dataclass(frozen=True)
class Judged:
    """`values`: of the rounds that went well."""

    claim: Claim
    values: tuple[float, ...]
    rounds: int

    @property
    def value(self) -> float | None:
        return median(self.values) if self.values else None

    @property
    def verdict(self) -> Literal["pass", "missed", "erring"]:
        """`erring`: not every round went well."""
        if self.value is None or len(self.values) < self.rounds:
            return "erring"
        claim = self.claim
        reached = self.value <= claim.bound if claim.at_most else self.value >= claim.bound
        return "pass" if reached else "missed"


def by_side(row: str, figures: Iterable[Measured]) -> Rounds:
    """One row's own among all."""
    found: dict[str, dict[int, Measured]] = {}
    for each in figures:
        if each.row == row:
            found.setdefault(each.side, {})[each.round] = each
    return found


def own(side: str, value: Callable[[Mapping[str, float]], float]) -> Values:
    return lambda rounds: [value(each.values) for each in rounds[side].values() if each.good]


def ratio(name: str, *others: str) -> Values:
    """The engine's by that of the best of the others, by the median."""

    def values(rounds: Rounds) -> list[float]:
        best = max(others, key=lambda side: _median(rounds[side], name))
        pairs = ((ours, rounds[best].get(at)) for at, ours in rounds["engine"].items())
        return [
            ours.values[name] / theirs.values[name]
            for ours, theirs in pairs
            if theirs is not None and ours.good and theirs.good
        ]

    return values


def apart(name: str) -> Values:
    """How far the engine's are from wrk's, either way."""
    ratios = ratio(name, "wrk")
    return lambda rounds: [abs(each - 1) for each in ratios(rounds)]


def _median(side: Mapping[int, Measured], name: str) -> float:
    return median([each.values[name] for each in side.values() if each.good] or [0.0])
