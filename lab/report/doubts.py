"""What qualifies the figures: each kind of trouble once, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lab.analysis.cells import Cell
from lab.analysis.phrases import listed
from lab.records.step import describe_step
from lab.statistics.flags import NOISY, UNSTABLE

MEANS: Mapping[str, str] = {  # in the order of their weight: what a kind of trouble means
    "invalid": "not measured right: run it again",
    "erroring": "more than one request in 1,000 failed: look at the failures",
    "generator": "the load generator was saturated or late: read the figure as 'at least'",
    "both": "server and load generator were both saturated: read the figure as 'at least'",
    "network": "the link to a load host was full: read the figure as 'at least'",
    "neither": "nothing was saturated: add users",
    "unstable": f"the trials vary by more than {UNSTABLE:.0%}",
    "drift": "the figure moved during the run",
    "noisy": f"the trials vary by more than {NOISY:.0%}",
    "late": "the load generator was late, but the server always had work: the rate is its own",
    "no CPU": "the CPU time of such a trial is not known",
    "resent": "packets were lost, and times hold the wait for them",
}

IN_AN_OPEN_LOOP: Mapping[str, str] = {  # the rate is given there, and lateness adds to the times
    "generator": "the load generator was saturated or late: read the times as 'at most'",
    "both": "server and load generator were both saturated: read the times as 'at most'",
}

MANY = 6  # rows of several steps, or they are counted, not listed
UNPRESSED = ("neither", "network")  # neither server nor load was at its limit


@dataclass(frozen=True)
class Doubt:
    """`kind`: a key of MEANS, or another mark; `detail` is of this row."""

    kind: str
    cell: Cell
    detail: str = ""


def in_words(cells: Sequence[Cell]) -> list[str]:
    """One line for a kind: what it means, the rows that have it, and the first one's detail."""
    kinds: dict[str, list[Doubt]] = {}
    for doubt in (each for cell in cells for each in _of(cell)):
        kinds.setdefault(doubt.kind, []).append(doubt)
    weights = {kind: weight for weight, kind in enumerate(MEANS)}
    ordered = sorted(kinds, key=lambda kind: weights.get(kind, weights["drift"]))
    several = len({cell.step for cell in cells}) > 1
    return [_line(kind, kinds[kind], several) for kind in ordered]


def _of(cell: Cell) -> Iterator[Doubt]:
    for mark in dict.fromkeys(note.mark for note in cell.notes):
        texts = "; ".join(note.text for note in cell.notes if note.mark == mark)
        yield Doubt(mark, cell, texts)
    if cell.verdict == "valid" and cell.rate_rps is None and cell.limit in UNPRESSED:
        yield Doubt(cell.limit, cell)
    if cell.spread in ("noisy", "unstable"):
        yield Doubt(cell.spread, cell)
    if cell.drift is not None:
        yield Doubt("drift", cell, f"{cell.drift:+.0%} from the first block to the last")


def _line(kind: str, found: Sequence[Doubt], several: bool) -> str:
    first = found[0]
    detail = first.detail
    if detail and len(found) > 1:
        detail = f"{_row(first.cell, several)}: {detail}"
    rows = _rows([each.cell for each in found], several)
    if kind not in MEANS:
        return f"{kind}: {rows}: {detail}."
    means = (IN_AN_OPEN_LOOP.get(kind) if first.cell.rate_rps else None) or MEANS[kind]
    return f"{kind}: {rows}: {means}" + (f" ({detail})." if detail else ".")


def _row(cell: Cell, several: bool) -> str:
    return f"{cell.model}, {describe_step(*cell.step)}" if several else cell.model


def _rows(cells: Sequence[Cell], several: bool) -> str:
    """`poll and epoll`; of several steps `poll and epoll, 20 users; epoll, 50 users`."""
    by_step: dict[str, list[str]] = {}
    for cell in cells:
        by_step.setdefault(describe_step(*cell.step), []).append(cell.model)
    if not several:
        return listed([cell.model for cell in cells])
    if len(cells) > MANY:
        return f"{len(cells)} rows of {listed(list(dict.fromkeys(c.model for c in cells)))}"
    return "; ".join(f"{listed(models)}, {step}" for step, models in by_step.items())
