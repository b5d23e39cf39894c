"""The plot of throughput: the best row on top, a dot for each trial, and who is not apart.

Rows stand in the order of their medians at the step that is shown. To the right of the plot, a
vertical line joins rows that are not told apart: that is the partial order, drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from lab.figure import figure
from lab.report.page.palette import INK, MUTED
from lab.report.page.plot import (
    DATA,
    PLAIN,
    Plot,
    Row,
    color,
    hollow_unless_sound,
    layered,
    of_step,
    spec,
)
from lab.report.page.throughput_rows import group_rows, joined_rows, trial_rows
from lab.report.page.view import Step, View

NAME, TITLE = "throughput", "Throughput, and every trial behind it"
HEADS = ("model", "load", "trials", "requests/s, median", "from", "to")
HIGH = 36  # pixels for a model
JOINED = 12  # pixels from one joining line to the next


def plot(view: View) -> Plot:
    banded = any(group.cell.throughput for group in view.groups)
    joined = joined_rows(view)
    hollow = not all(trial.sound for trial in view.trials)
    caption = (
        "One dot is one trial with a fresh server, the first trial at the top."
        + (f" The bar is the median, the band reaches {view.spread}." if banded else "")
        + (" Hollow dots are lower bounds (at least), or not to be trusted." if hollow else "")
        + (" A line at the right joins models that the trials cannot order." if joined else "")
    )
    rows = [*group_rows(view), *trial_rows(view), *joined]
    if not any(row["kind"] == "trial" for row in rows):
        missing = "No trial of this run measured a throughput, so there is nothing to draw."
        return Plot(NAME, TITLE, caption, missing=missing)
    whole = spec(_chart(view, joined), rows)
    if joined:  # room for the lines
        whole["padding"] = {"left": 2, "top": 2, "bottom": 2, "right": 14 + JOINED * columns(view)}
    return Plot(NAME, TITLE, caption, HEADS, _table(view), whole)


def _chart(view: View, joined: Sequence[Row]) -> alt.LayerChart:
    """Models are lines 0, 1, ... of a plain scale: a model's dots stand at many heights."""
    lines = len(view.models)
    x = alt.X("rps:Q", title="requests/s", axis=alt.Axis(format=PLAIN, tickCount=6))
    y = alt.Y(
        "line:Q",
        title=None,
        scale=alt.Scale(domain=[-0.5, lines - 0.5], nice=False, reverse=True),
        axis=alt.Axis(values=list(range(lines)), labelExpr="names[step][datum.value]", grid=False),
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
    banded = any(group.cell.throughput for group in view.groups)
    layers = [*((band, middle) if banded else ()), dots, *(_lines(y) if joined else ())]
    names = {
        step.label: [_label(view, step, model) for model in view.best_first(step)]
        for step in view.steps
    }
    whole = layered(*layers).properties(width="container", height=HIGH * lines)
    return of_step(whole.add_params(alt.param(name="names", value=names)), view)


def _label(view: View, step: Step, model: str) -> str | list[str]:
    """The name, and below it what the dots do not say."""
    group = next((g for g in view.groups if (g.step, g.model) == (step, model)), None)
    if group is None or group.cell.throughput_rps is None:
        return [model, "no figure"]
    told = ["at least"] if group.at_least else []
    if group.cell.unanswered:
        told.append(f"{group.step.users - group.cell.unanswered:,} of {group.step.users:,} users")
    return [model, ", ".join(told)] if told else model


def _lines(y: alt.Y) -> list[alt.Chart]:
    x = alt.XValue(alt.expr(f"width + 14 + {JOINED} * datum.column"))  # type: ignore[no-untyped-call]
    joined = alt.Chart(DATA).transform_filter("datum.kind === 'joined'")
    rule = joined.transform_filter("datum.first").mark_rule(strokeWidth=1.5, color=MUTED[0])
    ends = joined.mark_point(size=24, filled=True, opacity=1, color=MUTED[0])
    return [
        rule.encode(x=x, y=alt.Y("top:Q"), y2="bottom:Q"),
        ends.encode(x=x, y=y),
    ]


def columns(view: View) -> int:
    """How many lines join rows, at the step with most of them."""
    return max((len(groups) for groups in view.orders.values()), default=0)


def _table(view: View) -> list[list[str]]:
    return [
        [
            group.model,
            group.step.label,
            str(group.cell.trials),
            figure(group.cell.throughput_rps),
            figure(group.cell.throughput.low if group.cell.throughput else None),
            figure(group.cell.throughput.high if group.cell.throughput else None),
        ]
        for group in view.groups
    ]
