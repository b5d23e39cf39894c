"""What a reader must know before he trusts a cell's figures. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lab.result import Result
from lab.validity import Reason, edges_missed


def notes(results: Sequence[Result]) -> tuple[str, ...]:
    """Each kind of trouble once: its first case, and how many trials have it if not all have."""
    cases: dict[str, tuple[str, set[int]]] = {}
    for result in results:
        for heading, reason in _troubles(result):
            case = (f"{heading}{reason.text}", set[int]())
            cases.setdefault(f"{heading}{reason.kind}", case)[1].add(result.server.number)
    many = len(results)
    return tuple(
        text if len(trials) == many else f"{text} ({len(trials)} of {many} trials)"
        for text, trials in cases.values()
    )


def _troubles(result: Result) -> Iterator[tuple[str, Reason]]:
    """Heading and reason of whatever speaks against this trial's figures."""
    judgement = result.judgement
    for reason in judgement.reasons:
        yield f"{judgement.verdict}: ", reason
    if judgement.verdict != "invalid":
        for reason in judgement.generator:
            yield "generator-bound: ", reason
    if result.load is not None:
        missed = edges_missed(result.server, result.load)
        if missed:
            yield "CPU and memory: ", Reason("edges", missed)
    if not result.server.settling.calm:
        yield "", Reason("settling", "the host had not settled before the trial")
