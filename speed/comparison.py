"""From figures to the row of the table. Pure.

A row's ratio is the median of the ratios of its rounds: what disturbs the host for a while
disturbs both sides of a round. Where a row has several sides of a kind, the one of the highest
median stands for them. Figures of runs that went wrong are never compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from speed.inside.events import Measured
from speed.inside.rows import Row, Side


@dataclass(frozen=True)
class Standing:
    """One side over all rounds: the median rate of its good runs, and what went wrong in others."""

    name: str
    rate_per_s: float | None
    rates: tuple[float | None, ...]  # by round
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """`ratios` holds those rounds in which both sides were good; empty: nothing to compare."""

    row: Row
    ours: Standing
    theirs: Standing
    others: tuple[Standing, ...]  # sides that did not stand for their kind
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float | None:
        """The median, or None."""
        return median(self.ratios) if self.ratios else None

    @property
    def verdict(self) -> str:
        """`pass`, `below`, or `erring` (too few rounds went well)."""
        if self.ratio is None or len(self.ratios) < len(self.ours.rates):
            return "erring"
        return "pass" if self.ratio >= self.row.floor else "below"


def compare(row: Row, figures: Iterable[Measured]) -> Comparison:
    """One row, from its own figures among all."""
    own = [figure for figure in figures if figure.row == row.name]
    ours = [_standing(side, own) for side in row.ours]
    theirs = [_standing(side, own) for side in row.theirs]
    our, their = _best(ours), _best(theirs)
    pairs = zip(our.rates, their.rates, strict=False)
    ratios = tuple(a / b for a, b in pairs if a and b)
    tried = [side for side in (*ours, *theirs) if side.rates]  # a newer side has none in a record
    others = tuple(side for side in tried if side not in (our, their))
    return Comparison(row, our, their, others, ratios)


def _standing(side: Side, figures: Sequence[Measured]) -> Standing:
    own = sorted((each for each in figures if each.side == side.name), key=lambda each: each.round)
    rates = tuple(each.rate_per_s if each.good else None for each in own)
    good = [rate for rate in rates if rate is not None]
    faults = tuple(each.faults for each in own if each.faults)
    return Standing(side.name, median(good) if good else None, rates, faults)


def _best(standings: Sequence[Standing]) -> Standing:
    return max(standings, key=lambda each: each.rate_per_s or 0.0)
