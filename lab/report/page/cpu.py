"""The plot of what an answer costs: CPU time in the server's code and in the kernel, stacked."""

from __future__ import annotations

import altair as alt

from lab.figure import figure
from lab.report.page.palette import INK
from lab.report.page.plot import (
    DATA,
    Plot,
    Row,
    absent,
    color,
    layered,
    named,
    of_step,
    spec,
)
from lab.report.page.view import View

NAME, TITLE = "cpu", "What one answer costs the server"
CAPTION = (
    "The server's CPU time for one good answer. Strong colour: its own code, in user mode. Pale:"
    " the kernel's work for it. Shorter is better between servers that were equally busy (CPU % in"
    " the table): one that is not saturated is woken for each request, and that costs as well."
)
ROOM = 1.15  # of the longest bar, so that the text at its end is not cut off
HEADS = ("model", "load", "user us/request", "kernel us/request", "together")


def plot(view: View) -> Plot:
    rows: list[Row] = []
    table = []
    for group in view.groups:
        user_us, system_us = group.cpu_user_us, group.cpu_system_us
        if user_us is None or system_us is None:
            continue
        whole = user_us + system_us
        name = named(group.step, group.model)
        rows += [
            {**name, "part": "user", "us": user_us, "place": 0, "whole": whole},
            {
                **name,
                "part": "system",
                "us": system_us,
                "place": 1,
                "whole": whole,
                "label": figure(whole),
                "room": whole * ROOM,
            },
        ]
        table.append(
            [group.model, group.step.label, figure(user_us), figure(system_us), figure(whole)]
        )
    if not rows:
        missing = "No trial of this run has the server's CPU counters, so its cost is not known."
        return Plot(NAME, TITLE, CAPTION, missing=missing)
    caption = CAPTION + absent(view, rows)
    return Plot(NAME, TITLE, caption, HEADS, table, spec(_chart(view), rows))


def _chart(view: View) -> alt.LayerChart:
    dearest_last = alt.EncodingSortField(field="whole", op="max", order="ascending")
    y = alt.Y("model:N", sort=dearest_last, title=None)
    bars = (
        alt.Chart(DATA)
        .mark_bar(height=alt.RelativeBandSize(0.62))
        .encode(
            y=y,
            x=alt.X(
                "us:Q",
                title="CPU microseconds for an answer",
                stack="zero",
                axis=alt.Axis(format=",~f", tickCount=6),
            ),
            color=alt.Color("model:N", scale=color(view), legend=None),
            opacity=alt.Opacity(
                "part:N",
                sort=["user", "system"],
                scale=alt.Scale(domain=["user", "system"], range=[1.0, 0.42]),
                legend=alt.Legend(orient="top"),
            ),
            order="place:Q",
            tooltip=[
                alt.Tooltip("model:N"),
                alt.Tooltip("part:N"),
                alt.Tooltip("us:Q", format=",.3~r", title="us for an answer"),
            ],
        )
    )
    ends = alt.Chart(DATA).transform_filter("datum.place === 1").encode(y=y)
    sums = ends.mark_text(align="left", dx=6, color=INK[0], fontSize=12).encode(
        x=alt.X("whole:Q"), text=alt.Text("label:N")
    )
    room = ends.mark_point(opacity=0).encode(x=alt.X("room:Q"))  # for the text of the longest bar
    layers = layered(bars, sums, room).properties(width="container", height=38 * len(view.models))
    return of_step(layers, view)
