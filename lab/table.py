"""Cells as a table for people: the terminal's and Markdown's, by tabulate. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from tabulate import tabulate

from lab.cells import Cell, Times
from lab.figure import NOTHING, figure, milliseconds
from lab.standing import Standing
from lab.thresholds import P99_SAMPLES, P999_SAMPLES

Column = tuple[str, Callable[[Cell], str]]
LIMITS = {
    "server-bound": "server",
    "generator-bound": "generator",
    "co-saturated": "both",
    "unsaturated": "neither",
}


def columns(cells: Sequence[Cell], standings: Sequence[Standing]) -> list[Column]:
    """What there is to show: columns that would be empty in every row are left out."""
    is_open = any(cell.rate_rps is not None for cell in cells)
    letters = {(s.step, model): group for s in standings for model, group in s.groups.items()}
    shown = [
        ("model", lambda cell: cell.model),
        ("connections" if is_open else "users", lambda cell: f"{cell.users:,}"),
        *(_open_loop(cells) if is_open else _closed_loop(cells)),
        ("failures", lambda cell: f"{cell.failures:,}" if cell.trials else NOTHING),
        *_rare(cells),
        ("CPU %", lambda cell: figure(cell.cpu_share, scale=100)),
        ("CPU us/req", lambda cell: figure(cell.mechanism.cpu_us)),
        ("memory MB", lambda cell: figure(cell.mechanism.memory_bytes, scale=1e-6)),
        ("switches/req", _switches),
        ("limit", lambda cell: LIMITS.get(cell.limit or "", NOTHING)),
    ]
    if letters:
        shown.append(("rank", lambda cell: letters.get((cell.step, cell.model), NOTHING)))
    return [*shown, ("note", lambda cell: ", ".join(dict.fromkeys(n.mark for n in cell.notes)))]


def _closed_loop(cells: Sequence[Cell]) -> list[Column]:
    spans: list[Column] = []
    if any(cell.throughput for cell in cells):
        spans = [("95 % interval", _interval)]
    return [
        ("requests/s", lambda cell: figure(cell.throughput_rps)),
        *spans,
        ("p50 ms", lambda cell: _ms(cell.latency, "p50_us")),
        ("p90 ms", lambda cell: _ms(cell.latency, "p90_us")),
        ("p99 ms", lambda cell: _p99(cell.latency)),
        ("max ms", lambda cell: _ms(cell.latency, "max_us")),
    ]


def _open_loop(cells: Sequence[Cell]) -> list[Column]:
    dropped: list[Column] = []
    if any(cell.dropped for cell in cells):
        dropped = [("dropped", lambda cell: f"{cell.dropped:,}")]
    return [
        ("offered/s", lambda cell: figure(cell.offered_rps)),
        ("achieved/s", lambda cell: figure(cell.achieved_rps)),
        *dropped,
        ("p50 ms", lambda cell: _ms(cell.latency, "p50_us")),
        ("p90 ms", lambda cell: _ms(cell.latency, "p90_us")),
        ("p99 ms", lambda cell: _p99(cell.latency)),
        ("p99.9 ms", lambda cell: _p999(cell.latency)),
        ("service p50", lambda cell: _ms(cell.service, "p50_us")),
        ("service p99", lambda cell: _p99(cell.service)),
    ]


def _rare(cells: Sequence[Cell]) -> list[Column]:
    """Users who were never connected or never served get columns where there were any."""
    rare: list[Column] = []
    if any(cell.unconnected for cell in cells):
        rare.append(("unconnected", lambda cell: f"{cell.unconnected:,}"))
    if any(cell.unserved for cell in cells):
        rare.append(("unserved", lambda cell: f"{cell.unserved:,}"))
        rare.append(("fairness", lambda cell: figure(cell.jain)))
    return rare


def render(cells: Sequence[Cell], standings: Sequence[Standing], style: str = "simple") -> str:
    """`style` is one of tabulate's. Notes show their marks; `footnotes` has their texts."""
    shown = columns(cells, standings)
    rows = [[show(cell) for _, show in shown] for cell in cells]
    return tabulate(
        rows,
        headers=[name for name, _ in shown],
        tablefmt=style,
        colalign=["left", *["right"] * (len(shown) - 2), "left"] if rows else None,
        disable_numparse=True,
    )


def _interval(cell: Cell) -> str:
    found = cell.throughput
    return f"{figure(found.low)} - {figure(found.high)}" if found else NOTHING


def _switches(cell: Cell) -> str:
    wished, forced = cell.mechanism.voluntary_switches, cell.mechanism.involuntary_switches
    return figure(None if wished is None or forced is None else wished + forced)


def _ms(times: Times | None, name: Literal["p50_us", "p90_us", "max_us"]) -> str:
    return milliseconds(getattr(times, name) if times else None)


def _p99(times: Times | None) -> str:
    if times is not None and times.p99_us is None:
        return f"n<{P99_SAMPLES:,}"
    return milliseconds(times.p99_us if times else None)


def _p999(times: Times | None) -> str:
    if times is not None and times.p999_us is None:
        return f"n<{P999_SAMPLES:,}"
    return milliseconds(times.p999_us if times else None)
