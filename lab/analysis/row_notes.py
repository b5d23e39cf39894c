"""What a reader must know before he trusts a cell's figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lab.analysis.bottleneck import Reason
from lab.analysis.result import Result


@dataclass(frozen=True)
class Note:
    """`mark` is short enough for the table, `text` says it all."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.text}"


def notes(results: Sequence[Result]) -> tuple[Note, ...]:
    """Each kind of trouble once: its first case, and how many trials have it if not all have."""
    cases: dict[tuple[str, str], tuple[str, set[int]]] = {}
    for result in results:
        for mark, reason in _troubles(result):
            case = (reason.text, set[int]())
            cases.setdefault((mark, reason.kind), case)[1].add(result.server.number)
    many = len(results)
    return tuple(
        Note(
            mark,
            text if len(trials) == many else f"{text} ({len(trials)} of {many} trials)",
        )
        for (mark, _), (text, trials) in cases.items()
    )


def _troubles(result: Result) -> Iterator[tuple[str, Reason]]:
    """Mark and reason of whatever speaks against this trial's figures."""
    judgement = result.judgement
    for reason in judgement.reasons:
        yield judgement.verdict, reason
    found = judgement.bottleneck
    if judgement.verdict != "invalid" and found is not None:
        for reason in found.generator:
            yield "late" if found.limit == "server" else found.limit, reason
        for reason in found.network:
            yield found.limit, reason
    for flag in judgement.flags:
        yield flag.kind, flag
