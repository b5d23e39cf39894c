"""Evidence as it is judged: a claim, what was seen, and what follows from it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lab.claims.claim import Bars, Claim, Experiment, Verdict
from lab.errors import LabError
from lab.records.claims_record import Gathered

COLUMNS = 80
BAR = 32  # letters of the longest


@dataclass(frozen=True)
class Judged:
    claim: Claim
    gathered: Gathered
    verdict: Verdict
    bars: Bars | None


def judge(experiment: Experiment[Any], gathered: Gathered) -> Judged:
    """LabError where the evidence is not of the experiment's form, an older one's say."""
    claim = experiment.claim
    try:
        evidence = TypeAdapter(experiment.evidence).validate_python(gathered.evidence)
    except ValidationError as error:
        raise LabError(
            f"the evidence of {claim.id} has another form: {error.errors()[0]['msg']}",
            f"gather it again: make claim CLAIM={claim.id}",
        ) from error
    return Judged(claim, gathered, experiment.judge(evidence), experiment.bars(evidence))


def as_json(experiment: Experiment[Any], evidence: object) -> dict[str, Any]:
    """As it is kept."""
    dumped: dict[str, Any] = TypeAdapter(experiment.evidence).dump_python(evidence, mode="json")
    return dumped


def terminal(judged: Judged) -> str:
    """For people: the words of the notes, the verdict, and the figure."""
    claim, verdict = judged.claim, judged.verdict
    lines = [
        f"{claim.id}: {verdict.outcome.upper()}",
        *_wrapped(f'"{" ".join(claim.quote.split())}"'),
        *_wrapped(verdict.sentence),
    ]
    if judged.bars:
        lines += ["", *_bars(judged.bars)]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, COLUMNS, initial_indent="  ", subsequent_indent="  ")


def _bars(bars: Bars) -> list[str]:
    most = max((value for _, value in bars.values), default=0.0) or 1.0
    widest = max(len(label) for label, _ in bars.values)
    return [
        f"  {bars.title} ({bars.unit})",
        *(
            f"  {label:<{widest}}  {'#' * round(BAR * value / most)} {shown}".rstrip()
            for (label, value), shown in zip(bars.values, bars.figures(), strict=True)
        ),
    ]
