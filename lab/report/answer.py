"""The answer of a run in a few sentences: who does most, what the others reach, why, and how far
that may be believed.

Made by rules from the figures, the order and the causes; no rule knows a model's name. Of a ladder
of loads, the lowest step is told by its first sentence and the highest one whole. The figures are
rounded: the table has them exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

from lab.analysis.cells import Cell, Step
from lab.analysis.found_rate import SearchRecord
from lab.analysis.found_rate import sentences as limits
from lab.analysis.phrases import Bound, listed, rounded, share, times
from lab.analysis.rankings import Ranking, keeps_up
from lab.figure import counted
from lab.records.noise_floor import By
from lab.report.answer_cost import cheapest
from lab.report.answer_groups import Group, by_cause, grouped, named, outranks, shared_cause

MANY_OPEN = 2  # groups without an order: more are not listed
FIRST_LOOK = 3  # trials: below it, nothing is claimed


def answer(
    cells: Sequence[Cell], rankings: Sequence[Ranking], found: SearchRecord | None = None
) -> list[str]:
    """Sentences, the weightiest first."""
    if found is not None:
        return limits(found)
    steps = list(dict.fromkeys(cell.step for cell in cells if cell.throughput_rps))
    if not steps:
        return ["No trial measured anything."]
    ends = sorted({steps[0], steps[-1]}, key=steps.index)
    at_ends = [_of_step(cells, rankings, step, len(steps) > 1) for step in ends]
    first = [each for told in at_ends[:-1] for each in told[:1]]
    return [*first, *at_ends[-1], *_belief(cells, rankings, ends)]


def _of_step(
    cells: Sequence[Cell], rankings: Sequence[Ranking], step: Step, several: bool
) -> list[str]:
    there = [cell for cell in cells if cell.step == step]
    sound = [cell for cell in there if cell.verdict == "valid" and cell.throughput_rps]
    spoilt = [cell.model for cell in there if cell not in sound]
    by_figure = {each.by: each for each in rankings if each.step == step}
    if step[1] is None:
        at = f"With {counted(step[0], 'user')}, " if several else ""
        told = _throughput(sound, by_figure.get("throughput"))
    else:
        at = f"At {step[1]:,.10g} requests/s, "
        cost = cheapest(sound, by_figure.get("CPU"))
        together = any(cell.together for cell in sound)
        soonest = [] if together and cost else _soonest(sound, by_figure.get("p99"))
        told = [*soonest, *cost, *_behind(sound)]
    tried = {cell.model for cell in there}
    if absent := list(dict.fromkeys(cell.model for cell in cells if cell.model not in tried)):
        told.append(f"Not tried there: {listed(absent)}.")
    if spoilt:
        told.append(f"{listed(spoilt)}: no figure to trust; the reason is below.")
    return [at + told[0], *told[1:]] if told else []


def _throughput(cells: Sequence[Cell], ranking: Ranking | None) -> list[str]:
    groups = grouped(cells, ranking, lambda cell: cell.throughput_rps)
    if not groups:
        return []
    top, *others = groups
    most = f"{top.bound} {rounded(top.figure, top.bound)} requests/s"
    least = min(cell.throughput_rps or 0.0 for cell in top.cells)
    if top.bound == "about" and rounded(least) != rounded(top.figure):
        most = f"{rounded(least)} to {rounded(top.figure)} requests/s"
    if len(cells) == 1:
        return [f"{named(top)} answers {most}{shared_cause(top)}."]
    told = [f"{named(top)} {_most(top, others, ranking)}, {most}{shared_cause(top)}."]
    for group in others:
        if group.bound == top.bound == "at least":  # nothing bounds their ratio, nor shows a cause
            figure = f"at least {rounded(group.figure, group.bound)} requests/s"
            told.append(f"{named(group)} {group.verb('answers')} {figure}.")
            continue
        bound: Bound = "at most" if top.bound == "at least" else group.bound
        part = share(group.figure / top.figure, bound)
        part = part if bound == "about" else f"{bound} {part}"
        told += [
            f"{named(rows)} {rows.verb('reaches')} {part}{why}."
            for rows, why in by_cause(group, top)
        ]
    return told


def _most(top: Group, others: Sequence[Group], ranking: Ranking | None) -> str:
    """A claim only where all others are outranked; of a first look it is known that it is none."""
    below = [cell for group in others for cell in group.cells]
    few = ranking is None or min(cell.trials for cell in top.cells) < FIRST_LOOK
    if few or all(outranks(ranking, a, b) for a in top.cells for b in below):
        return f"{top.verb('answers')} most"
    return "has the highest median" if len(top.cells) == 1 else "have the highest medians"


def _soonest(cells: Sequence[Cell], ranking: Ranking | None) -> list[str]:
    """By p99, of those that kept up."""
    in_time = [cell for cell in cells if keeps_up(cell)]
    groups = grouped(in_time, ranking, _speed)
    told = []
    if groups:
        top, *others = groups
        first = f"99 of 100 within {rounded(1e3 / top.figure)} ms"
        alone = "" if len(cells) == 1 else " soonest"
        told.append(f"{named(top)} {top.verb('answers')}{alone}: {first}.")
        told += [
            f"{named(rows)} {rows.verb('takes')} {times(top.figure / rows.figure)} as long{why}."
            for group in others
            for rows, why in by_cause(group, top)
        ]
    return told


def _behind(cells: Sequence[Cell]) -> list[str]:
    """Those that did not keep up, with what they did answer."""
    told = []
    for cell in cells:
        if not keeps_up(cell) and cell.achieved_rps and cell.offered_rps:
            part = f"{rounded(cell.achieved_rps)} of {rounded(cell.offered_rps)} requests/s"
            behind = Group((cell,), "about", cell.achieved_rps)
            told.append(f"{named(behind)} falls behind: it answers {part}{shared_cause(behind)}.")
    return told


def _speed(cell: Cell) -> float | None:
    p99_us = cell.latency.p99_us if cell.latency else None
    return 1e6 / p99_us if p99_us else None


def _belief(cells: Sequence[Cell], rankings: Sequence[Ranking], ends: Sequence[Step]) -> list[str]:
    trials = min((cell.trials for cell in cells if cell.step in ends), default=0)
    each = "One trial" if trials == 1 else counted(trials, "trial")
    if trials < FIRST_LOOK:
        return [f"{each} each: a first look."]
    told = [f"{each} each."]
    by: By
    for by in ("throughput", "p99"):
        last = next((r for r in rankings if r.by == by and r.step == ends[-1]), None)
        told += _open(last) if last else []
    return told


def _open(ranking: Ranking) -> list[str]:
    """Ties, and between whom the order is not known."""
    ties, unknown = [], []
    for group in ranking.order.groups():
        pairs = [(one, other) for one in group for other in group if one < other]
        if pairs and all(ranking.order.ties_with(*pair) for pair in pairs):
            ties.append(listed(group))
        elif pairs:
            unknown.append(listed(group))
    told = [f"Ties (less than 5 % apart): {'; '.join(ties)}."] if ties else []
    if len(unknown) > MANY_OPEN:
        told.append("These trials do not order all neighbours: the ranks in the table say which.")
    elif unknown:
        told.append(f"These trials do not order {'; nor '.join(unknown)}.")
    return told
