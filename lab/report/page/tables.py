"""The page's tables of a whole run: the cells' figures, and how models differ in pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lab.figure import NOTHING
from lab.report import ranks
from lab.report.page.view import Step, Table

if TYPE_CHECKING:
    from lab.analysis import cells
    from lab.analysis.rankings import Ranking
    from lab.report.columns import Column

PAIR_HEADS = ("models", "load", "by", "ratio", "95 % interval", "p (Holm)", "verdict")


def figures(columns: Sequence[Column], rows: Sequence[cells.Cell]) -> Table:
    return Table(
        tuple(name for name, _ in columns),
        tuple(tuple(show(cell) for _, show in columns) for cell in rows),
    )


def pairs(rankings: Sequence[Ranking], steps: Mapping[cells.Step, Step]) -> Table:
    """Each pair once, the better model first; no rows where nothing is ranked."""
    return Table(PAIR_HEADS, tuple(_pairs(rankings, steps)))


def _pairs(
    rankings: Sequence[Ranking], steps: Mapping[cells.Step, Step]
) -> Iterator[tuple[str, ...]]:
    for ranking in rankings:
        for each in ranking.pairs:
            span = each.ratio.interval if each.ratio else None
            yield (
                f"{each.first} / {each.second}",
                steps[ranking.step].label,
                ranking.by,
                f"{span.mid:.3f}" if span else NOTHING,
                f"{span.low:.3f} - {span.high:.3f}" if span else NOTHING,
                NOTHING if each.p_adjusted is None else f"{each.p_adjusted:.3f}",
                ranks.verdict(each),
            )
