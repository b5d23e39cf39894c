"""A bench as evidence: the figures of its rows, and how its models compare."""

from __future__ import annotations

from dataclasses import dataclass

from lab.analysis.cells import Cell
from lab.analysis.rankings import Ranking
from lab.report.report import Report


@dataclass(frozen=True)
class Row:
    """One model at one load. `model` names its varied settings too, as in the table.

    `limit`: what was saturated, such as `server-bound`. None where a figure could not be had.
    """

    model: str
    users: int
    trials: int
    requests_per_s: float
    low_per_s: float | None  # of the 95 % interval, from five trials on
    high_per_s: float | None
    p50_us: int | None
    p99_us: int | None
    cpu_us: float | None  # the server's, for a request
    memory_bytes: float | None
    limit: str | None
    unanswered: int  # users who got no answer at all
    failures: int


@dataclass(frozen=True)
class Ratio:
    """Throughput of `first` over that of `second`, with its 95 % interval. `apart`: claimed to
    differ by the rules of a bench (blocks, Holm, noise floor)."""

    first: str
    second: str
    users: int
    low: float
    mid: float
    high: float
    apart: bool


@dataclass(frozen=True)
class Measured:
    """`run`: its folder among the results."""

    run: str
    rows: tuple[Row, ...]
    ratios: tuple[Ratio, ...]

    def row(self, model: str, users: int | None = None) -> Row:
        """The first of the model, or the one at this many users. KeyError where there is none."""
        for row in self.rows:
            if row.model == model and users in (None, row.users):
                return row
        raise KeyError(model)

    def ratio(self, first: str, second: str, users: int | None = None) -> Ratio | None:
        """Turned round where it was measured the other way."""
        for each in self.ratios:
            if users not in (None, each.users):
                continue
            if (each.first, each.second) == (first, second):
                return each
            if (each.first, each.second) == (second, first):
                return Ratio(
                    first, second, each.users, 1 / each.high, 1 / each.mid, 1 / each.low, each.apart
                )
        return None


def of(report: Report) -> Measured:
    """Of a run's report."""
    return Measured(
        run=report.manifest.run,
        rows=tuple(_row(cell) for cell in report.cells),
        ratios=tuple(each for ranking in report.rankings for each in _ratios(ranking)),
    )


def _row(cell: Cell) -> Row:
    between = cell.throughput
    return Row(
        model=cell.model,
        users=cell.users,
        trials=cell.trials,
        requests_per_s=cell.throughput_rps or 0.0,
        low_per_s=between.low if between else None,
        high_per_s=between.high if between else None,
        p50_us=cell.latency.p50_us if cell.latency else None,
        p99_us=cell.latency.p99_us if cell.latency else None,
        cpu_us=cell.mechanism.cpu_us,
        memory_bytes=cell.mechanism.memory_bytes,
        limit=cell.limit,
        unanswered=cell.unanswered,
        failures=cell.failures,
    )


def _ratios(ranking: Ranking) -> list[Ratio]:
    if ranking.by != "throughput":
        return []
    return [
        Ratio(
            each.first,
            each.second,
            ranking.step[0],
            each.ratio.interval.low,
            each.ratio.interval.mid,
            each.ratio.interval.high,
            ranking.order.apart(each.first, each.second),
        )
        for each in ranking.comparisons
        if each.ratio
    ]
