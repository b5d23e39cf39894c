"""The columns of the table of cells: their names, and what each shows of a cell.

A figure that is new stands first in `Cell`, filled by `by_cell`; CSV and JSON have it from there. A
narrow terminal keeps those that `table.IMPORTANT` names. The README's table is `readme.py`'s own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from lab.analysis.cells import Cell, Times
from lab.analysis.rankings import Ranking
from lab.analysis.thresholds import P99_SAMPLES, P999_SAMPLES
from lab.figure import NOTHING, figure, milliseconds

Column = tuple[str, Callable[[Cell], str]]
REFERENCE = "*"  # marks somebody else's server


def columns(cells: Sequence[Cell], rankings: Sequence[Ranking]) -> list[Column]:
    """What there is to show: columns that would be empty in every row are left out."""
    is_open = any(cell.rate_rps is not None for cell in cells)
    return [
        ("model", _model),
        *varied_settings(cells),
        ("connections" if is_open else "users", lambda cell: f"{cell.users:,}"),
        *_ranks(rankings),
        *(_open_loop(cells) if is_open else _closed_loop(cells)),
        ("failures", lambda cell: f"{cell.failures:,}" if cell.trials else NOTHING),
        *_rare(cells),
        ("CPU %", lambda cell: figure(cell.cpu_share, scale=100)),
        ("CPU us/req", lambda cell: figure(cell.mechanism.cpu_us)),
        *_against_the_least(cells, rankings),
        ("memory MB", lambda cell: figure(cell.mechanism.memory_bytes, scale=1e-6)),
        ("switches/req", lambda cell: figure(cell.mechanism.switches)),
        ("limit", _limit),
        ("note", lambda cell: ", ".join(dict.fromkeys(n.mark for n in cell.notes))),
    ]


def _model(cell: Cell) -> str:
    name = cell.variant.model if cell.variant else cell.model
    return name + (REFERENCE if cell.reference else "")


def varied_settings(cells: Sequence[Cell]) -> list[Column]:
    """One for each setting that varies."""
    varied = [cell.variant.settings for cell in cells if cell.variant]

    def value(name: str) -> Callable[[Cell], str]:
        return lambda cell: (cell.variant.settings if cell.variant else {}).get(name, NOTHING)

    return [(name, value(name)) for name in dict.fromkeys(name for each in varied for name in each)]


def _limit(cell: Cell) -> str:
    """Who was saturated; the verdict, where the figures are not to be trusted."""
    if cell.verdict != "valid":
        return cell.verdict
    return cell.limit or ("mixed" if cell.trials else NOTHING)


def _ranks(rankings: Sequence[Ranking]) -> list[Column]:
    """Places, or ranges of them; none where too few trials say anything of any pair."""
    found: list[Column] = []
    for by in dict.fromkeys(each.by for each in rankings if each.order.says_something):
        places = {
            (each.step, name): each.order.place(name)
            for each in rankings
            for name in each.names
            if each.by == by and each.order.says_something
        }
        name = "rank" if by == "throughput" else f"rank {by}"
        found.append((name, _of(places)))
    return found


def _of(places: dict[tuple[tuple[int, float | None], str], str]) -> Callable[[Cell], str]:
    return lambda cell: places.get((cell.step, cell.model), NOTHING)


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
    achieved: Column = ("achieved/s", lambda cell: figure(cell.achieved_rps))
    if any(cell.together for cell in cells):  # times hold what the others took of the CPU
        return [achieved, *dropped]
    return [
        ("offered/s", lambda cell: figure(cell.offered_rps)),
        achieved,
        *dropped,
        ("p50 ms", lambda cell: _ms(cell.latency, "p50_us")),
        ("p90 ms", lambda cell: _ms(cell.latency, "p90_us")),
        ("p99 ms", lambda cell: _p99(cell.latency)),
        ("p99.9 ms", lambda cell: _p999(cell.latency)),
        ("service p50", lambda cell: _ms(cell.service, "p50_us")),
        ("service p99", lambda cell: _p99(cell.service)),
    ]


def _against_the_least(cells: Sequence[Cell], rankings: Sequence[Ranking]) -> list[Column]:
    """How many times the least CPU time, by pairs of a block: far surer than the times themselves
    where servers ran together."""
    if not any(cell.together for cell in cells):
        return []
    told: dict[tuple[tuple[int, float | None], str], str] = {}
    for ranking in (each for each in rankings if each.by == "CPU"):
        least = ranking.names[0]
        told[ranking.step, least] = "1"
        for pair in ranking.pairs:
            if pair.first == least and pair.ratio:
                span = pair.ratio.interval
                told[ranking.step, pair.second] = (
                    f"{span.mid:.2f} [{span.low:.2f}, {span.high:.2f}]"
                )
    return [("vs the least", _of(told))]


def _rare(cells: Sequence[Cell]) -> list[Column]:
    """Users who were never connected or never served get columns where there were any."""
    rare: list[Column] = []
    if any(cell.unconnected for cell in cells):
        rare.append(("unconnected", lambda cell: f"{cell.unconnected:,}"))
    if any(cell.unserved for cell in cells):
        rare.append(("unserved", lambda cell: f"{cell.unserved:,}"))
        rare.append(("fairness", lambda cell: figure(cell.jain)))
    return rare


def _interval(cell: Cell) -> str:
    found = cell.throughput
    return f"{figure(found.low)} - {figure(found.high)}" if found else NOTHING


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
