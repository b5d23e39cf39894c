"""The plot of throughput: every trial a dot, the median an upright bar, the interval a band."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from lab.figure import figure
from lab.page.palette import INK
from lab.page.plot import (
    DATA,
    Plot,
    Row,
    color,
    hollow_unless_sound,
    layered,
    named,
    of_step,
    spec,
)
from lab.page.view import Trial, View

NAME, TITLE = "throughput", "Throughput, and every trial behind it"
HEADS = ("model", "load", "trials", "requests/s, median", "from", "to")
HIGH = 44  # pixels for a model
HALF = 0.34  # of that, from a model's middle to the edge of its band


def plot(view: View) -> Plot:
    banded = any(group.throughput for group in view.groups)
    caption = (
        "Each dot is one trial, a fresh server; a model's dots run from its first trial at the top"
        " to its last below. "
        + (f"The upright bar is their median, the band reaches {view.spread}. " if banded else "")
        + "Where models overlap, take no difference for granted. Hollow dots are not to be ranked;"
        " the notes say why."
    )
    rows = [*_groups(view), *_trials(view)]
    if not rows:
        missing = "No trial of this run measured a throughput, so there is nothing to draw."
        return Plot(NAME, TITLE, caption, missing=missing)
    return Plot(NAME, TITLE, caption, HEADS, _table(view), spec(_chart(view), rows))


def _chart(view: View) -> alt.LayerChart:
    """Models are lines 0, 1, ... of a plain scale: a model's dots stand at many heights."""
    lines = len(view.models)
    x = alt.X("rps:Q", title="requests/s", axis=alt.Axis(format=",~f", tickCount=6))
    y = alt.Y(
        "line:Q",
        title=None,
        scale=alt.Scale(domain=[-0.5, lines - 0.5], nice=False, reverse=True),
        axis=alt.Axis(values=list(range(lines)), labelExpr="models[datum.value]", grid=False),
    )
    groups = alt.Chart(DATA).transform_filter("datum.kind === 'group'")
    tip = [alt.Tooltip("model:N"), alt.Tooltip("rps:Q", format=",.0f", title="requests/s")]
    band = (
        groups.transform_filter("isValid(datum.low)")
        .mark_rect(opacity=0.2, cornerRadius=3)
        .encode(
            x=alt.X("low:Q"),
            x2="high:Q",
            y=alt.Y("top:Q"),
            y2="bottom:Q",
            color=alt.Color("model:N", scale=color(view), legend=None),
        )
    )
    middle = (
        groups.transform_filter("datum.trials > 1")
        .mark_rule(strokeWidth=2, color=INK[0])
        .encode(x=x, y=alt.Y("top:Q"), y2="bottom:Q", tooltip=tip)
    )
    dots = (
        alt.Chart(DATA)
        .transform_filter("datum.kind === 'trial'")
        .mark_point(size=48, strokeWidth=1.5, opacity=0.95)
        .encode(
            x=x,
            y=y,
            tooltip=[*tip, alt.Tooltip("trial:Q"), alt.Tooltip("verdict:N")],
            **hollow_unless_sound(view, keyed=False),
        )
    )
    banded = any(group.throughput for group in view.groups)
    layers = (band, middle, dots) if banded else (dots,)
    whole = layered(*layers).properties(width="container", height=HIGH * lines)
    return of_step(whole.add_params(alt.param(name="models", value=list(view.models))), view)


def _groups(view: View) -> list[Row]:
    return [
        {
            "kind": "group",
            **named(group.step, group.model),
            "rps": group.throughput_rps,
            "trials": group.trials,
            "low": group.throughput.low if group.throughput else None,
            "high": group.throughput.high if group.throughput else None,
            "top": view.models.index(group.model) - HALF,
            "bottom": view.models.index(group.model) + HALF,
        }
        for group in view.groups
        if group.throughput_rps is not None
    ]


def _trials(view: View) -> list[Row]:
    siblings: dict[tuple[str, str], list[Trial]] = {}
    for trial in view.trials:
        if trial.throughput_rps is not None:
            siblings.setdefault((trial.model, trial.step.label), []).append(trial)
    return [
        {
            "kind": "trial",
            **named(trial.step, trial.model),
            "rps": trial.throughput_rps,
            "line": view.models.index(trial.model) + offset,
            "trial": trial.number,
            "verdict": trial.verdict,
            "sound": trial.sound,
        }
        for found in siblings.values()
        for trial, offset in zip(found, _offsets(len(found)), strict=True)
    ]


def _offsets(count: int) -> Sequence[float]:
    """Evenly from the top of a band to its bottom; one alone stands in the middle."""
    span = 2 * (HALF - 0.06)
    return [span * (place / (count - 1) - 0.5) if count > 1 else 0.0 for place in range(count)]


def _table(view: View) -> list[list[str]]:
    return [
        [
            group.model,
            group.step.label,
            str(group.trials),
            figure(group.throughput_rps),
            figure(group.throughput.low if group.throughput else None),
            figure(group.throughput.high if group.throughput else None),
        ]
        for group in view.groups
    ]
