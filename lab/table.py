"""Cells as a table for people: the terminal's and Markdown's, by tabulate. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tabulate import tabulate

from lab.cells import Cell
from lab.validity import P99_SAMPLES

NOTHING = "-"
ENOUGH_TRIALS = 5  # below it a table is a first look

Column = tuple[str, Callable[[Cell], str]]


def columns(cells: Sequence[Cell]) -> list[Column]:
    """Users who were never connected or never served get a column where there were any."""
    rare: list[Column] = []
    if any(cell.unconnected for cell in cells):
        rare.append(("unconnected", lambda cell: f"{cell.unconnected:,}"))
    if any(cell.unserved for cell in cells):
        rare.append(("unserved", lambda cell: f"{cell.unserved:,}"))
    return [
        ("model", lambda cell: cell.model),
        ("users", lambda cell: f"{cell.users:,}"),
        ("requests/s", lambda cell: figure(cell.throughput_rps)),
        ("p50 ms", lambda cell: milliseconds(cell.p50_us)),
        ("p90 ms", lambda cell: milliseconds(cell.p90_us)),
        ("p99 ms", _p99),
        ("max ms", lambda cell: milliseconds(cell.max_us)),
        ("failures", lambda cell: f"{cell.failures:,}"),
        *rare,
        ("CPU %", lambda cell: figure(cell.cpu_share, scale=100)),
        ("CPU us/req", lambda cell: figure(cell.cpu_us_per_request)),
        ("memory MB", lambda cell: figure(cell.memory_bytes, scale=1e-6)),
        ("switches/req", lambda cell: figure(cell.switches_per_request)),
        ("note", lambda cell: ", ".join(dict.fromkeys(note.mark for note in cell.notes))),
    ]


def render(cells: Sequence[Cell], style: str = "simple") -> str:
    """`style` is one of tabulate's. Notes show their marks; `footnotes` has their texts."""
    shown = columns(cells)
    rows = [[show(cell) for _, show in shown] for cell in cells]
    return tabulate(
        rows,
        headers=[name for name, _ in shown],
        tablefmt=style,
        colalign=["left", *["right"] * (len(shown) - 2), "left"] if rows else None,
        disable_numparse=True,
    )


def footnotes(cells: Sequence[Cell]) -> list[str]:
    """Why figures of the table may not be trusted: a line for each row and mark."""
    lines = []
    for cell in cells:
        for mark in dict.fromkeys(note.mark for note in cell.notes):
            texts = "; ".join(note.text for note in cell.notes if note.mark == mark)
            lines.append(f"{cell.model}, {cell.users:,} users: {mark}: {texts}")
    return lines


def legend(cells: Sequence[Cell], path: str, connection: str) -> list[str]:
    """What a reader must know to read the table right."""
    lines = [
        f"path {path}, connection {connection}; CPU 100 % is one CPU; memory at the window's end.",
        "Closed loop: each user waits for its answer, so at saturation latency is users divided by"
        " rate and says nothing more of the server.",
    ]
    trials = min((cell.trials for cell in cells), default=0)
    if 0 < trials < ENOUGH_TRIALS:
        lines.append(
            f"{trials} trial{'s' if trials != 1 else ''} a cell: a first look."
            " 5 trials show a figure, 10 a difference."
        )
    return lines


def figure(value: float | None, scale: float = 1.0) -> str:
    """Three significant digits, or whole numbers from 100 on, with thousands set apart."""
    if value is None:
        return NOTHING
    value *= scale
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    if abs(value) >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}"


def milliseconds(value_us: int | None) -> str:
    return figure(None if value_us is None else value_us / 1000)


def _p99(cell: Cell) -> str:
    if cell.samples and cell.p99_us is None:
        return f"n<{P99_SAMPLES:,}"
    return milliseconds(cell.p99_us)
