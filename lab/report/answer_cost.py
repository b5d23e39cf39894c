"""What an answer costs at one rate: the server's CPU time, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from lab.analysis.cells import Cell
from lab.analysis.phrases import rounded, times
from lab.analysis.rankings import Ranking, keeps_up
from lab.report.answer_groups import grouped, named


def cheapest(cells: Sequence[Cell], ranking: Ranking | None) -> list[str]:
    """Of the rows that kept up; nothing where there are fewer than two."""
    known = [cell for cell in cells if keeps_up(cell) and cell.mechanism.cpu_us]
    if len(known) < 2:
        return []
    top, *others = grouped(known, ranking, lambda cell: 1e6 / (cell.mechanism.cpu_us or 0.0))
    least = f"{rounded(1e6 / top.figure)} us"
    told = [f"{named(top)} {top.verb('spends')} least CPU time on an answer, about {least}"]
    told += [f"{named(each)} {times(top.figure / each.figure)} as much" for each in others]
    return ["; ".join(told) + "."]
