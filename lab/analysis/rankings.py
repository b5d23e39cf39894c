"""The rankings of a run: an order at each step of the load, by each figure that ranks.

Closed loop: by throughput. A row whose server was the limit has its own figure; any other valid row
did at least as much as was measured. Open loop, where all are offered the same rate: by the slowest
answers (p99) and by the server's CPU time for an answer, of the rows that kept up. A load generator
that was late can only add to a time, so such a row is at least as fast. Servers that ran together
waited for each other's CPU time, and are not ranked by p99.

Rows are compared by pairs of trials of one block. A row that is invalid or erroring is not ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from statistics import median

from lab.analysis.cells import ByBlock, Cell, Step
from lab.analysis.order import Order, order
from lab.analysis.thresholds import ACHIEVED_SHARE
from lab.records.noise_floor import By
from lab.statistics.ranking import Comparison, compare_all

BY_OF_A_LOOP: Mapping[bool, tuple[By, ...]] = {False: ("throughput",), True: ("p99", "CPU")}


@dataclass(frozen=True)
class Ranking:
    """Of one step, by one figure. `at_least`: rows whose figure is a lower bound."""

    step: Step
    by: By
    names: tuple[str, ...]  # by their medians, the best first
    at_least: frozenset[str]
    comparisons: tuple[Comparison, ...]

    @cached_property
    def order(self) -> Order:
        return order(self.names, self.comparisons)

    @property
    def pairs(self) -> list[Comparison]:
        """Each pair once, the better median first, in the order of the medians."""
        found = {(each.first, each.second): each for each in self.comparisons}
        found |= {(each.second, each.first): each.turned for each in self.comparisons}
        return [found[pair] for pair in combinations(self.names, 2)]


def rankings(cells: Sequence[Cell], noise_floors: Mapping[By, float], seed: int) -> list[Ranking]:
    """One for each step and figure by which rows can be compared."""
    found = []
    for step in dict.fromkeys(cell.step for cell in cells):
        there = [cell for cell in cells if cell.step == step]
        for by in BY_OF_A_LOOP[step[1] is not None]:
            values = {cell.model: each for cell in there if (each := ranked_by(cell, by))}
            if len(values) < 2:
                continue
            held_back = (c for c in there if c.model in values and not is_its_own(c, by))
            at_least = frozenset(cell.model for cell in held_back)
            if len(at_least) == len(values):  # of lower bounds alone nothing can be said
                continue
            names = sorted(values, key=lambda name: median(values[name].values()), reverse=True)
            compared = compare_all(values, noise_floors.get(by), seed, at_least)
            found.append(Ranking(step, by, tuple(names), at_least, tuple(compared)))
    return found


def ranked_by(cell: Cell, by: By) -> ByBlock | None:
    """The figures that rank a cell, more of them being better; None where it is not ranked."""
    if cell.verdict != "valid":
        return None
    if by == "throughput":
        return cell.throughputs
    if not keeps_up(cell) or (by == "p99" and cell.together):
        return None
    return _inverse(cell.p99s_us if by == "p99" else cell.cpus_us)


def is_its_own(cell: Cell, by: By) -> bool:
    """Whether the figure is the server's own, or a lower bound."""
    if by == "throughput":
        return cell.ranks
    return by == "CPU" or cell.limit not in ("generator", "both", "network", None)


def keeps_up(cell: Cell) -> bool:
    """In an open loop, whether it answered what it was offered."""
    offered, achieved = cell.offered_rps, cell.achieved_rps
    return offered is not None and achieved is not None and achieved >= ACHIEVED_SHARE * offered


def _inverse(times_us: ByBlock) -> ByBlock:
    """Of times the inverse is compared: more of it is better, as with throughput."""
    return {block: 1e6 / us for block, us in times_us.items() if us}
