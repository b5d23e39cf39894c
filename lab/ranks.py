"""What rankings say, in words: who differs from the next one, who was not ranked, and what has
changed since another run of the same plan. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lab.cells import Cell
from lab.plan import load
from lab.standing import Standing
from lab.statistics.interval import Interval
from lab.statistics.ranking import Comparison

BY = {"throughput": "throughput", "p99": "1 / p99"}  # more of either is better


def in_words(
    cells: Sequence[Cell], standings: Sequence[Standing], noise_floor: float | None
) -> list[str]:
    """Who can be told apart from the next one, in words; nothing where nothing was compared."""
    if not standings:
        return []
    lines = [
        f"{load(*standing.step)}: {_told(each, each.ratio.interval, BY[standing.by])}"
        for standing in standings
        for each in standing.neighbours
        if each.ratio
    ]
    lines += faster_unranked(cells, standings)
    floor = (
        f"this host's noise floor is {noise_floor:.1%}"
        if noise_floor is not None
        else "this host's noise floor is not known (make aa measures it)"
    )
    lines.append(
        f"rank: who shares a letter cannot be told apart; in brackets 95 % intervals; {floor}."
    )
    return lines


def faster_unranked(cells: Sequence[Cell], standings: Sequence[Standing]) -> list[str]:
    """Who did more than the best that is ranked, without having been at its limit."""
    lines = []
    for standing in standings:
        by_name = {cell.model: cell for cell in cells if cell.step == standing.step}
        best = by_name[next(iter(standing.groups))]
        ahead = [
            cell.model
            for cell in by_name.values()
            if standing.by == "throughput" and not cell.ranks and _above(cell, best)
        ]
        if ahead:
            lines.append(
                f"{load(*standing.step)}: {', '.join(ahead)}: not ranked, since what they can do at"
                f" most was not seen; they did more than {best.model}, the best that is ranked"
            )
    return lines


def _above(cell: Cell, best: Cell) -> bool:
    if cell.verdict != "valid" or cell.throughput is None or best.throughput is None:
        return False
    return cell.throughput.low > best.throughput.high


def _told(pair: Comparison, span: Interval, by: str) -> str:
    ratio = f"{span.mid:.3f} [{span.low:.3f}, {span.high:.3f}]"
    if pair.verdict == "tie":
        return f"{pair.first} and {pair.second} tie by {by}, {ratio}: {pair.reason}"
    return f"{pair.first} is {ratio} times {pair.second} by {by}"


def verdict(pair: Comparison) -> str:
    return pair.verdict + (f" ({pair.reason})" if pair.reason else "")


@dataclass(frozen=True)
class Change:
    """Between the rankings of two runs. `turned`: one tells a pair apart the other way round.

    All else one run alone tells, and the other does not gainsay: a tie means not known, and so does
    a model that is not ranked.
    """

    words: str
    turned: bool = False


def changed(first: Sequence[Standing], second: Sequence[Standing]) -> list[Change]:
    """Where the two runs rank differently: who ranks, and which pairs are told apart.

    Both are runs of one plan, so that their pairs stand in the same order.
    """
    others = {(standing.step, standing.by): standing for standing in second}
    ours = {(standing.step, standing.by) for standing in first}
    changes = [
        Change(f"{load(*step)}: ranked by {by} in the second run alone")
        for step, by in others
        if (step, by) not in ours
    ]
    for one in first:
        other = others.get((one.step, one.by))
        if other is None:
            changes.append(Change(f"{load(*one.step)}: ranked by {one.by} in the first run alone"))
        else:
            changes += _between(one, other)
    return changes


def _between(one: Standing, other: Standing) -> Iterator[Change]:
    at = load(*one.step)
    if gone := [model for model in one.groups if model not in other.groups]:
        yield Change(f"{at}: {', '.join(gone)}: ranked then and not now")
    if come := [model for model in other.groups if model not in one.groups]:
        yield Change(f"{at}: {', '.join(come)}: ranked now and not then")
    now = {(each.first, each.second): each.verdict for each in other.comparisons}
    for each in one.comparisons:
        verdict = now.get((each.first, each.second), each.verdict)
        if verdict != each.verdict:
            words = f"{at}: {each.first} / {each.second}: {each.verdict} then, {verdict} now"
            yield Change(words, turned="tie" not in (verdict, each.verdict))
