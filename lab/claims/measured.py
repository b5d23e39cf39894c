"""A bench as evidence: the figures of its rows, and how its models compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from lab.analysis.cells import Cell
from lab.errors import LabError
from lab.report.report import Report
from lab.statistics.ranking import compare_all
from lab.statistics.ratio import PairedRatio, paired_ratio


@dataclass(frozen=True)
class Row:
    """One model at one load. `model` names its varied settings too, as in the table.

    `limit`: what was saturated, such as `server`. None where a figure could not be had.
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
    """A figure of `first` over that of `second`, with its 95 % interval. `apart`: claimed to
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
    """`run`: its folder among the results. `ratios`: of throughput; `cpu_ratios`: of the server's
    CPU time for a request, which holds also where the load generator was the limit."""

    run: str
    rows: tuple[Row, ...]
    ratios: tuple[Ratio, ...]
    cpu_ratios: tuple[Ratio, ...] = ()

    @property
    def all_answered(self) -> bool:
        """No request failed, and every user got an answer."""
        return not any(row.failures or row.unanswered for row in self.rows)

    def row(self, model: str, users: int | None = None) -> Row:
        """The first of the model, or the one at this many users. LabError where there is none."""
        for row in self.rows:
            if row.model == model and users in (None, row.users):
                return row
        raise LabError(f"the bench {self.run} has no figures of {model}", "its report says why")

    def ratio(self, first: str, second: str, users: int | None = None) -> Ratio | None:
        """Turned round where it was measured the other way."""
        return _find(self.ratios, first, second, users)

    def cpu_ratio(self, first: str, second: str, users: int | None = None) -> Ratio | None:
        """As `ratio`, of CPU time: above 1, `first` needs more for a request."""
        return _find(self.cpu_ratios, first, second, users)


def _find(ratios: Sequence[Ratio], first: str, second: str, users: int | None) -> Ratio | None:
    for each in ratios:
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
        ratios=tuple(_throughputs(report)),
        cpu_ratios=tuple(_cpu_times(report)),
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


def _throughputs(report: Report) -> Iterator[Ratio]:
    """Of all pairs. A pair that no ranking holds, as of two lower bounds, is not apart."""
    orders = {each.step: each.order for each in report.rankings if each.by == "throughput"}
    for cells in _by_step(report):
        for first, second in combinations(cells, 2):
            order = orders.get(first.step)
            names = (first.model, second.model)
            apart = order is not None and set(names) <= set(order.names) and order.apart(*names)
            found = paired_ratio(first.throughputs, second.throughputs, report.manifest.seed)
            if found:
                yield _ratio(first.model, second.model, first.users, found, apart)


def _cpu_times(report: Report) -> Iterator[Ratio]:
    for cells in _by_step(report):
        values = {cell.model: cell.cpus_us for cell in cells if cell.verdict == "valid"}
        floor = report.noise_floors.get("CPU")
        for each in compare_all(values, floor, report.manifest.seed):
            if each.ratio:
                yield _ratio(each.first, each.second, cells[0].users, each.ratio, each.apart)


def _by_step(report: Report) -> list[list[Cell]]:
    """Without cells that nothing may be said of."""
    sound = [cell for cell in report.cells if cell.verdict != "invalid"]
    steps = dict.fromkeys(cell.step for cell in sound)
    return [[cell for cell in sound if cell.step == step] for step in steps]


def _ratio(first: str, second: str, users: int, found: PairedRatio, apart: bool) -> Ratio:
    between = found.interval
    return Ratio(first, second, users, between.low, between.mid, between.high, apart)
