"""The HDR plot: latency over the percentile, each nine as wide as the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import altair as alt

from lab.analysis.phrases import answered
from lab.figure import milliseconds
from lab.report.page.plot import DATA, Plot, Row, absent, color, dash, log_y, named, of_step, spec
from lab.report.page.view import PERCENTILES, View

NAME, TITLE = "latency", "Latency, down to the slowest answers"
HEADS = ("model", "load", *(f"p{q:g} ms" for q in PERCENTILES), "max ms")
NINES = {1: "0 %", 2: "50 %", 10: "90 %", 100: "99 %", 1_000: "99.9 %", 10_000: "99.99 %"}
READ = (
    "Read upwards from 99 %: one answer in a hundred took longer than the line is high. Each step"
    " to the right leaves a tenth of the answers; a line ends where only ten are left. "
)
CLOSED = (
    "This load was a closed loop: every user waits for an answer before asking again, so once the"
    " server is busy the middle of a line is users divided by rate, and a slow answer holds back"
    " the requests that would have met the same trouble. Compare its shapes; it is not the"
    " latency that visitors would see."
)
OPEN = (
    "This load was an open loop: requests came at their rate whatever the server did, and each time"
    " counts from the instant the request was due, waiting in line included."
)


def plot(view: View) -> Plot:
    caption = READ + (OPEN if view.load == "open" else CLOSED)
    rows: list[Row] = [
        {**named(group.step, group.model), "tail": tail, "ms": value_us / 1000}
        for group in view.groups
        if not group.leaves_many
        for tail, value_us in group.curve
    ]
    if not rows:
        missing = "No trial of this run timed enough good answers to draw percentiles from."
        return Plot(NAME, TITLE, caption, missing=missing)
    caption += _left_out(view) + absent(_without_left_out(view), rows)
    return Plot(
        NAME, TITLE, caption, HEADS, _table(view), spec(_chart(view, rows), rows), keyed=True
    )


def _left_out(view: View) -> str:
    """Times of the few users that a model did serve are not comparable with those of all users."""
    starved = [group for group in view.groups if group.leaves_many]
    if not starved:
        return ""
    who = ", ".join(
        f"{each.model} {answered(each.step.users, each.cell.unanswered)}" for each in starved
    )
    return f" Left out, because users without an answer have no time: {who}."


def _without_left_out(view: View) -> View:
    left_out = {group.model for group in view.groups if group.leaves_many}
    return replace(view, models=tuple(name for name in view.models if name not in left_out))


def _chart(view: View, rows: Sequence[Row]) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(DATA)
        .mark_line(interpolate="monotone")
        .encode(
            x=alt.X(
                "tail:Q",
                title="share of answers at least as fast",
                scale=alt.Scale(type="log", nice=False),
                axis=alt.Axis(values=list(NINES), labelExpr=f"{NINES}[datum.value]"),
            ),
            y=log_y(rows, "ms", "milliseconds"),
            color=alt.Color("model:N", scale=color(view)),
            strokeDash=alt.StrokeDash("model:N", scale=dash(view)),
            tooltip=[
                alt.Tooltip("model:N"),
                alt.Tooltip("ms:Q", format=",.3~r", title="ms"),
                alt.Tooltip("tail:Q", format=",.0f", title="one answer slower in"),
            ],
        )
        .properties(width="container", height=360)
    )
    return of_step(chart, view)


def _table(view: View) -> list[list[str]]:
    return [
        [
            group.model,
            group.step.label,
            *(milliseconds(value) for value in group.percentiles_us),
            milliseconds(group.cell.latency.max_us if group.cell.latency else None),
        ]
        for group in view.groups
    ]
