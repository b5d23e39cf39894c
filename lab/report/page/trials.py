"""The tables of trials: each limit with how often it was met and why, and every trial."""

from __future__ import annotations

from collections.abc import Sequence

from lab.figure import figure, milliseconds
from lab.report.page.view import Trial, View

HEADS = ("trial", "block", "model", "load", "requests/s", "p99 ms", "limit", "why")
VERDICT_HEADS = ("limit", "trials", "models", "why")
NO_REASON = "nothing speaks against these figures"


def rows(view: View) -> list[list[str]]:
    """In the order they ran."""
    return [
        [
            str(trial.number),
            str(trial.block),
            trial.model,
            trial.step.label,
            figure(trial.throughput_rps),
            milliseconds(trial.p99_us),
            trial.verdict,
            "; ".join(trial.reasons),
        ]
        for trial in sorted(view.trials, key=lambda trial: trial.number)
    ]


def verdicts(view: View) -> list[list[str]]:
    """The good ones first, then by how many trials there are of each."""
    by_verdict: dict[str, list[Trial]] = {}
    for trial in view.trials:
        by_verdict.setdefault(trial.verdict, []).append(trial)
    ordered = sorted(by_verdict.items(), key=lambda item: (item[0] != "valid", -len(item[1])))
    return [
        [verdict, f"{len(found):,}", _models(view, found), _example(found)]
        for verdict, found in ordered
    ]


def _models(view: View, found: Sequence[Trial]) -> str:
    there = {trial.model for trial in found}
    missing = set(view.models) - there
    if not missing and len(there) > 1:
        return "all"
    return ", ".join(model for model in view.models if model in there)


def _example(found: Sequence[Trial]) -> str:
    """Of the first that has a reason: the others' figures are their own."""
    first = next((trial for trial in found if trial.reasons), None)
    if first is None:
        return NO_REASON
    where = f"as in trial {first.number}, {first.model}: " if len(found) > 1 else ""
    return where + "; ".join(first.reasons)
