"""Where a model's curve over the users bends, and why, from the kernel's counters.

A curve bends at the first step where the throughput is less than 0.9 of its best at fewer users, or
where p99 grows at least three times as fast as the users. A row that may not be trusted, or that
the load generator held back, bends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lab.analysis.cells import Cell
from lab.analysis.phrases import listed, rounded, times
from lab.figure import figure
from lab.records.step import describe_step

FALLS = 0.9  # of the best so far
LEAPS = 3.0  # times as fast as the users
GREW = 1.3  # of a counter: it is part of the reason
FEWEST_STEPS = 3


def bends(cells: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """Model -> where and why, of a ladder of at least three steps of users."""
    if len({cell.step for cell in cells if cell.rate_rps is None}) < FEWEST_STEPS:
        return
    for model in dict.fromkeys(cell.model for cell in cells):
        rungs = [c for c in cells if c.model == model and c.rate_rps is None and c.throughput_rps]
        if len(rungs) >= 2:
            yield model, _bend([cell for cell in rungs if cell.verdict == "valid"], rungs[-1])


def _bend(rungs: Sequence[Cell], last: Cell) -> str:
    """`rungs`: those that can be trusted."""
    for before, after in pairwise(rungs):
        best = max((c for c in rungs if c.users <= before.users), key=_rate)
        if after.limit == "generator":
            continue
        falls = _rate(after) < FALLS * _rate(best)
        if falls or _leaps(before, after):
            how = (
                f"falls to {rounded(_rate(after))} requests/s, from {rounded(_rate(best))} at"
                f" {describe_step(*best.step)}"
                if falls
                else f"its p99 grows {times(_p99(after) / _p99(before))}"
            )
            why = _why(best if falls else before, after)
            return f"bends at {describe_step(*after.step)}: {how}{f'; {why}' if why else ''}."
    if not rungs:
        return "has no figure to trust."
    as_far = (
        ""
        if rungs[-1] is last
        else f" up to {describe_step(*rungs[-1].step)}, the last to be trusted"
    )
    return f"does not bend{as_far}."


def _leaps(before: Cell, after: Cell) -> bool:
    grown = after.users / before.users
    return 0 < _p99(before) * grown * LEAPS <= _p99(after)


def _why(before: Cell, after: Cell) -> str:
    """What the counters say that changed between the two."""
    was, now = before.mechanism, after.mechanism
    told = []
    if after.unanswered:
        told.append(f"{after.unanswered:,} users got no answer")
    if (now.listen_overflows or 0) > (was.listen_overflows or 0):
        told.append(f"the accept queue overflowed {now.listen_overflows:,.0f} times")
    for what, old, new in (
        ("us of CPU for a request", was.cpu_us, now.cpu_us),
        ("involuntary switches for a request", was.involuntary_switches, now.involuntary_switches),
        ("bytes of memory for a connection", *_per_connection(before, after)),
        (
            "segments sent again for 1,000 requests",
            was.retransmits_per_1000,
            now.retransmits_per_1000,
        ),
    ):
        if old is not None and new is not None and new > max(GREW * old, SLIGHT.get(what, 0.0)):
            told.append(f"{figure(new)} {what} instead of {figure(old)}")
    return listed(told) if told else ""


SLIGHT = {  # less of it explains nothing
    "involuntary switches for a request": 0.2,
    "segments sent again for 1,000 requests": 1.0,
}


def _per_connection(before: Cell, after: Cell) -> tuple[float | None, float | None]:
    return before.mechanism.memory_per_connection_bytes, after.mechanism.memory_per_connection_bytes


def _rate(cell: Cell) -> float:
    return cell.throughput_rps or 0.0


def _p99(cell: Cell) -> float:
    return float((cell.latency.p99_us if cell.latency else None) or 0)
