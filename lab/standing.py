"""Which models of a run can be told apart, at each step of the load. Pure.

Throughput ranks cells in which the server was the limit; in an open loop, where all are offered the
same rate, the slowest answers (p99) rank those that are valid and kept up with it. Nothing else is
ever ranked: a figure of the generator's, or one that may not be trusted, says nothing of a model.
Cells are compared by pairs of trials of one block, all pairs of a step with Holm's correction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import median

from lab.cells import ByBlock, Cell, Step
from lab.statistics.ranking import Comparison, compare_all, groups
from lab.thresholds import ACHIEVED_SHARE


@dataclass(frozen=True)
class Standing:
    """Of one step. `groups`: model -> letters, best first; who shares one cannot be told apart."""

    step: Step
    by: str  # "throughput" or "p99"
    groups: dict[str, str]
    comparisons: tuple[Comparison, ...]

    @property
    def pairs(self) -> list[Comparison]:
        """Each pair once, the better median first, in the order of the medians."""
        found = {(each.first, each.second): each for each in self.comparisons}
        found |= {(each.second, each.first): each.turned for each in self.comparisons}
        return [found[pair] for pair in combinations(self.groups, 2)]

    @property
    def neighbours(self) -> list[Comparison]:
        """Of these, each model beside the next one."""
        beside = set(pairwise(self.groups))
        return [each for each in self.pairs if (each.first, each.second) in beside]


def standings(cells: Sequence[Cell], noise_floor: float | None, seed: int) -> list[Standing]:
    """One for each step at which at least two cells rank, models and references alike."""
    found = []
    for step in dict.fromkeys(cell.step for cell in cells):
        there = [cell for cell in cells if cell.step == step]
        values = {cell.model: each for cell in there if (each := ranked_by(cell)) is not None}
        if len(values) < 2:
            continue
        comparisons = compare_all(values, noise_floor, seed)
        best_first = sorted(values, key=lambda model: median(values[model].values()), reverse=True)
        letters = groups(best_first, comparisons)
        by = "throughput" if step[1] is None else "p99"
        found.append(Standing(step, by, letters, tuple(comparisons)))
    return found


def ranked_by(cell: Cell) -> ByBlock | None:
    """The figures that rank a cell, more of them being better; None where it is not ranked."""
    if cell.rate_rps is not None:
        return _speeds(cell.p99s_us) if _keeps_up(cell) else None
    return cell.throughputs if cell.ranks else None


def _keeps_up(cell: Cell) -> bool:
    """Its latency is the server's own, at the rate that all were offered."""
    offered, achieved = cell.offered_rps, cell.achieved_rps
    if cell.verdict != "valid" or cell.limit in ("generator-bound", "co-saturated", None):
        return False
    kept_up = offered is not None and achieved is not None and achieved >= ACHIEVED_SHARE * offered
    return kept_up and bool(cell.p99s_us)


def _speeds(times_us: ByBlock) -> ByBlock:
    """Of times the inverse is compared: more of it is faster, as with throughput."""
    return {block: 1e6 / us for block, us in times_us.items() if us}
