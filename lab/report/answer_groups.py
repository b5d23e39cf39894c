"""Rows that are told in one breath: those near each other in a figure, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lab.analysis.cells import Cell
from lab.analysis.mechanism import Mechanism
from lab.analysis.phrases import answered, listed, times
from lab.analysis.rankings import Ranking

NEAR = 0.9  # of the group's best figure
DEARER = 1.15  # times the CPU of another: a reason ...
MOSTLY = 2 / 3  # of the extra CPU time: where it is spent
A_SWITCH = 0.5  # for each request
MUCH_LESS = 0.9  # ... for a figure below this share of the best


@dataclass(frozen=True)
class Group:
    """`figure`: of its best row, or where they are lower bounds, of its least."""

    cells: tuple[Cell, ...]
    bound: Literal["about", "at least"]
    figure: float

    def verb(self, one: str) -> str:
        """`reaches` for one row; `reach` for several."""
        if len(self.cells) == 1:
            return one
        return one.removesuffix("es") if one.endswith("ches") else one.removesuffix("s")


def grouped(
    cells: Sequence[Cell], ranking: Ranking | None, figure: Callable[[Cell], float | None]
) -> list[Group]:
    """A row begins a new group where it is outranked by, or far from, the group's best."""
    known = [(value, cell) for cell in cells if (value := figure(cell))]
    known.sort(key=lambda pair: -pair[0])
    parts: list[list[tuple[float, Cell]]] = []
    for value, cell in known:
        if parts:
            best_value, best = parts[-1][0]
            if value >= NEAR * best_value and not outranks(ranking, best, cell):
                parts[-1].append((value, cell))
                continue
        parts.append([(value, cell)])
    return [_group(part, ranking) for part in parts]


def outranks(ranking: Ranking | None, one: Cell, other: Cell) -> bool:
    if ranking is None or not {one.model, other.model} <= set(ranking.names):
        return False
    return ranking.order.outranks(one.model, other.model)


def _group(part: Sequence[tuple[float, Cell]], ranking: Ranking | None) -> Group:
    held_back = ranking.at_least if ranking else frozenset()
    cells = tuple(cell for _, cell in part)
    if all(cell.model in held_back or _held_back_alone(cell, ranking) for cell in cells):
        return Group(cells, "at least", min(value for value, _ in part))
    return Group(cells, "about", part[0][0])


def _held_back_alone(cell: Cell, ranking: Ranking | None) -> bool:
    return ranking is None and cell.rate_rps is None and not cell.ranks


def named(group: Group) -> str:
    """Each name, with the users that it left unanswered beside it."""
    return listed([_named(cell) for cell in group.cells])


def _named(cell: Cell) -> str:
    left = answered(cell.users, cell.unanswered)
    return f"{cell.model} ({left})" if left else cell.model


def by_cause(group: Group, top: Group) -> list[tuple[Group, str]]:
    """The rows of a group that share a cause, and the cause as the end of a sentence."""
    told: dict[str, list[Cell]] = {}
    for cell in group.cells:
        cost = group.figure < MUCH_LESS * top.figure
        told.setdefault(_cause(cell, top if cost else None) or "", []).append(cell)
    return [
        (Group(tuple(cells), group.bound, group.figure), _ending(text, len(cells)))
        for text, cells in told.items()
    ]


def shared_cause(group: Group) -> str:
    """As the end of a sentence; nothing where the rows have different causes."""
    [text, *others] = dict.fromkeys(_cause(cell, None) or "" for cell in group.cells)
    return "" if others else _ending(text, len(group.cells))


def _ending(cause: str, rows: int) -> str:
    return f": {'it' if rows == 1 else 'each'} {cause}" if cause else ""


def _cause(cell: Cell, top: Group | None) -> str | None:
    if cell.cause is None or cell.unanswered:  # told beside its name
        return None
    if cell.limit in ("generator", "network"):
        return None  # told as "at least": nothing shows that it does less
    if cell.cause.specific:
        return cell.cause.text
    measured = [each.mechanism for each in (top.cells if top else ()) if each.mechanism.cpu_us]
    if not measured:
        return None
    return _dearer(cell.mechanism, min(measured, key=lambda each: each.cpu_us or 0.0))


def _dearer(ours: Mechanism, best: Mechanism) -> str | None:
    """How much more CPU time, where the extra is spent, and what comes with it."""
    if not (ours.cpu_us and best.cpu_us) or ours.cpu_us < DEARER * best.cpu_us:
        return None
    told = f"uses {times(ours.cpu_us / best.cpu_us)} as much CPU time per request as the best"
    if ours.cpu_user_us is not None and best.cpu_user_us is not None:
        own = (ours.cpu_user_us - best.cpu_user_us) / (ours.cpu_us - best.cpu_us)
        if own >= MOSTLY:
            told += ", the extra mostly in its own code"
        elif own <= 1 - MOSTLY:
            told += ", the extra mostly in the kernel"
    more = (ours.switches or 0.0) - (best.switches or 0.0)
    if more >= A_SWITCH:
        told += (
            ", and one more context switch"
            if more < 1.5
            else f", and {more:.0f} more context switches"
        )
    return told
