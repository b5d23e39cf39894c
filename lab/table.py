"""Cells as a table for people: the terminal's and Markdown's, by tabulate. Pure.

A terminal that is too narrow would break each row into several lines: there the table is cut by
columns into tables one under the other, each beginning with model and load. No text is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from tabulate import tabulate

from lab.cells import Cell, Times
from lab.figure import NOTHING, figure, milliseconds
from lab.standing import Standing
from lab.thresholds import P99_SAMPLES, P999_SAMPLES

Column = tuple[str, Callable[[Cell], str]]
REFERENCE = "*"  # marks somebody else's server
KEY = 2  # columns that say which row it is
SECOND = "failures"  # what comes before is speed, from here on it is failures, resources, verdict
# What is looked for first, in the order of a line that must be short.
CHIEF = (
    "requests/s",
    "offered/s",
    "achieved/s",
    "95 % interval",
    "rank",
    "limit",
    "unserved",
    "p50 ms",
    "p99 ms",
    "CPU %",
    "CPU us/req",
    "note",
)
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
        ("model", lambda cell: cell.model + (REFERENCE if cell.reference else "")),
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


def chief(shown: Sequence[Column]) -> list[Column]:
    """Of all columns those that a page has room for."""
    named = dict(shown)
    return [*shown[:KEY], *((name, named[name]) for name in CHIEF if name in named)]


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


def render(cells: Sequence[Cell], standings: Sequence[Standing], style: str = "terminal") -> str:
    """`style` may be one of tabulate's. Notes show their marks; `footnotes` has their texts."""
    return _text(columns(cells, standings), cells, style)


def render_within(width: int, cells: Sequence[Cell], standings: Sequence[Standing]) -> str:
    """In lines of so many characters, by as few tables as that takes; two where it can be."""
    shown = columns(cells, standings)
    whole = _text(shown, cells)
    if _width(whole) <= width:
        return whole
    second = [name for name, _ in shown].index(SECOND)
    parts = (shown[KEY:second], shown[second:])
    return "\n\n".join(text for part in parts for text in _cut(width, shown[:KEY], part, cells))


def _cut(width: int, key: list[Column], part: list[Column], cells: Sequence[Cell]) -> list[str]:
    """By halves, until each fits or is a single column."""
    text = _text([*key, *part], cells)
    if _width(text) <= width or len(part) == 1:
        return [text]
    middle = len(part) // 2
    return [*_cut(width, key, part[:middle], cells), *_cut(width, key, part[middle:], cells)]


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
