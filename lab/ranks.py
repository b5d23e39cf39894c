"""What rankings say, in words: who differs from the next one, who was not ranked, and what has
changed since another run of the same plan. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def changed(first: Sequence[Standing], second: Sequence[Standing]) -> list[str]:
    """Where the two runs rank differently, in words: who ranks, and which pairs are told apart.

    Both are runs of one plan, so that their pairs stand in the same order.
    """
    others = {(standing.step, standing.by): standing for standing in second}
    ours = {(standing.step, standing.by) for standing in first}
    lines = [
        f"{load(*step)}: ranked by {by} in the second run alone"
        for step, by in others
        if (step, by) not in ours
    ]
    for one in first:
        other = others.get((one.step, one.by))
        if other is None:
            lines.append(f"{load(*one.step)}: ranked by {one.by} in the first run alone")
        else:
            lines += [f"{load(*one.step)}: {line}" for line in _turned(one, other)]
    return lines


def _turned(one: Standing, other: Standing) -> Iterator[str]:
    if gone := [model for model in one.groups if model not in other.groups]:
        yield f"{', '.join(gone)}: ranked then and not now"
    if come := [model for model in other.groups if model not in one.groups]:
        yield f"{', '.join(come)}: ranked now and not then"
    now = {(each.first, each.second): each.verdict for each in other.comparisons}
    for each in one.comparisons:
        verdict = now.get((each.first, each.second), each.verdict)
        if verdict != each.verdict:
            yield f"{each.first} / {each.second}: {each.verdict} then, {verdict} now"
