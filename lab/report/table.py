"""Cells as a table for people: the terminal's and Markdown's, by tabulate.

A terminal shows the columns that fit into its width, the most important first; the run's report.md
has all of them. No text is cut.
"""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

from lab.analysis.cells import Cell
from lab.analysis.rankings import Ranking
from lab.report.columns import Column, columns, varied_settings

KEY = 2  # columns that say which row it is, beside the settings that vary
IMPORTANT = (  # the first ones are kept where not all have room
    "requests/s",
    "offered/s",
    "achieved/s",
    "rank",
    "rank p99",
    "rank CPU",
    "unserved",
    "unconnected",
    "p99 ms",
    "95 % interval",
    "limit",
    "CPU us/req",
    "CPU %",
    "p50 ms",
    "failures",
)
OF_COST = ("CPU us/req", "vs the least")  # where that is what servers that ran together compare


def chief(shown: Sequence[Column], cells: Sequence[Cell], width: int) -> list[Column]:
    """Of all columns those that fit into so many characters, the most important first."""
    named = dict(shown)
    kept = {name for name, _ in shown[: KEY + len(varied_settings(cells))]}
    together = any(cell.together for cell in cells)
    for name in (*OF_COST, *IMPORTANT) if together else IMPORTANT:
        if name in named:
            wider = [each for each in shown if each[0] in kept | {name}]
            if _width(_text(wider, cells)) <= width:
                kept.add(name)
    return [each for each in shown if each[0] in kept]


def render(cells: Sequence[Cell], rankings: Sequence[Ranking], style: str = "terminal") -> str:
    """All columns. `style` may be one of tabulate's."""
    return _text(columns(cells, rankings), cells, style)


def render_within(width: int, cells: Sequence[Cell], rankings: Sequence[Ranking]) -> str:
    """All columns where they fit, else the chief ones."""
    shown = columns(cells, rankings)
    whole = _text(shown, cells)
    return whole if _width(whole) <= width else _text(chief(shown, cells, width), cells)


def _text(shown: Sequence[Column], cells: Sequence[Cell], style: str = "terminal") -> str:
    rows = [[show(cell) for _, show in shown] for cell in cells]
    names = [name for name, _ in shown]
    align = ["left" if name in ("model", "note") else "right" for name in names] if rows else None
    if style == "terminal":  # tabulate's own styles make each column wider than its name, by two
        rules = ["-" * max(map(len, column)) for column in zip(names, *rows, strict=True)]
        lines = [names, rules, *rows]
        return tabulate(lines, tablefmt="plain", colalign=align, disable_numparse=True)
    return tabulate(rows, names, tablefmt=style, colalign=align, disable_numparse=True)


def _width(text: str) -> int:
    return max(map(len, text.splitlines()))
