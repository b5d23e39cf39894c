"""From figures to the row of the table.

Where a row has several sides of a kind, the best stands for them. Figures of runs that went wrong
are never compared.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from benchmarks.claim import Claim, Judged, best, by_side, ratio, typical
from benchmarks.inside.measured import RATE, Measured
from benchmarks.servers.inside.rows import ROWS, Row, Side


@dataclass(frozen=True)
class Standing:
    """One side over all rounds: the median rate of its good runs, and what went wrong in others."""

    name: str
    rate_per_s: float | None
    runs: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """`ratio` is ours by theirs; `others` are sides that did not stand for their kind."""

    row: Row
    ours: Standing
    theirs: Standing
    others: tuple[Standing, ...]
    ratio: Judged


def compare(row: Row, figures: Collection[Measured]) -> Comparison:
    """One row, from its own figures among all."""
    rounds = by_side(row.name, figures)

    def standing(side: Side) -> Standing:
        own = rounds.get(side.name, {}).values()
        faults = tuple(each.faults for each in own if each.faults)
        return Standing(side.name, typical(rounds, side.name, RATE), len(own), faults)

    sides = {side.name: standing(side) for side in (*row.ours, *row.theirs)}
    ours, theirs = ([side.name for side in kind] for kind in (row.ours, row.theirs))
    our, their = (sides.pop(best(rounds, kind, RATE)) for kind in (ours, theirs))
    values = ratio(RATE, ours, theirs)
    claim = Claim(row.name, "requests/s", values, row.floor, "{:.2f}", missed="below")
    tried = tuple(side for side in sides.values() if side.runs)  # a record may know none of a side
    return Comparison(row, our, their, tried, claim.judge(figures, our.runs))


def comparisons(figures: Collection[Measured]) -> list[Comparison]:
    """Of the rows that were measured, in the table's order."""
    there = {figure.row for figure in figures}
    return [compare(row, figures) for row in ROWS if row.name in there]
