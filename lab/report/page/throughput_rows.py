"""The data of the throughput plot: a row for each trial, for each model, and for each model that a
line at the right joins with others.

`line` is a model's place on the vertical axis: 0, the top, for the best one of its step.
"""

from __future__ import annotations

from collections.abc import Sequence

from lab.report.page.plot import Row, named
from lab.report.page.view import Trial, View

HALF = 0.34  # of a model's height: from its middle to the edge of its band


def joined_rows(view: View) -> list[Row]:
    places = _places(view)
    return [
        {
            "kind": "joined",
            "step": step,
            "model": model,
            "line": places[step, model],
            "column": column,
            "first": place == 0,
            "top": places[step, group[0]],
            "bottom": places[step, group[-1]],
        }
        for step, groups in view.orders.items()
        for column, group in enumerate(groups)
        for place, model in enumerate(group)
        if (step, model) in places
    ]


def group_rows(view: View) -> list[Row]:
    places = _places(view)
    return [
        {
            "kind": "group",
            **named(group.step, group.model),
            "rps": group.cell.throughput_rps,
            "trials": group.cell.trials,
            "low": group.cell.throughput.low if group.cell.throughput else None,
            "high": group.cell.throughput.high if group.cell.throughput else None,
            "top": places[group.step.label, group.model] - HALF,
            "bottom": places[group.step.label, group.model] + HALF,
        }
        for group in view.groups
        if group.cell.throughput_rps is not None
    ]


def trial_rows(view: View) -> list[Row]:
    places = _places(view)
    siblings: dict[tuple[str, str], list[Trial]] = {}
    for trial in view.trials:
        if trial.throughput_rps is not None:
            siblings.setdefault((trial.step.label, trial.model), []).append(trial)
    return [
        {
            "kind": "trial",
            **named(trial.step, trial.model),
            "rps": trial.throughput_rps,
            "line": places[key] + offset,
            "trial": trial.number,
            "verdict": trial.verdict,
            "sound": trial.sound,
        }
        for key, found in siblings.items()
        for trial, offset in zip(found, _offsets(len(found)), strict=True)
    ]


def _offsets(count: int) -> Sequence[float]:
    """Evenly from the top of a band to its bottom; one alone stands in the middle."""
    span = 2 * (HALF - 0.06)
    return [span * (place / (count - 1) - 0.5) if count > 1 else 0.0 for place in range(count)]


def _places(view: View) -> dict[tuple[str, str], int]:
    return {
        (step.label, model): place
        for step in view.steps
        for place, model in enumerate(view.best_first(step))
    }
