"""The plots of the window second by second: rate and latency, a small one for each model."""

from __future__ import annotations

import altair as alt

from lab.page.plot import DATA, Plot, Row, color, layered, named, of_step, spec
from lab.page.view import View
from lab.table import figure, milliseconds

SPAN_HEADS = ("model", "load", "steps", "least", "median", "most")


def rate(view: View) -> Plot:
    name, title = "course-rate", "Good answers in each second"
    caption = (
        "The line is the median of the trials in that second of the window, the shade reaches from"
        " the lowest to the highest trial. A line that is not level was not in a steady state."
    )
    rows: list[Row] = [
        {
            **named(group.step, group.model),
            "t": moment.t_s,
            "value": moment.rate_rps,
            "low": moment.rate_low_rps,
            "high": moment.rate_high_rps,
        }
        for group in view.groups
        for moment in group.moments
    ]
    if len({row["t"] for row in rows}) < 2:
        missing = "The trials of this run hold no series by the second."
        return Plot(name, title, caption, missing=missing)
    table = []
    for group in view.groups:
        rates = sorted(moment.rate_rps for moment in group.moments)
        if rates:
            middle = rates[len(rates) // 2]
            table.append(
                [
                    group.model,
                    group.step.label,
                    str(len(rates)),
                    figure(rates[0]),
                    figure(middle),
                    figure(rates[-1]),
                ]
            )
    chart = layered(
        alt.Chart()
        .mark_area(opacity=0.22)
        .encode(x=_seconds(), y=alt.Y("low:Q"), y2="high:Q", color=_paint(view)),
        alt.Chart()
        .mark_line()
        .encode(
            x=_seconds(),
            y=alt.Y(
                "value:Q",
                title="requests/s",
                scale=alt.Scale(zero=True),
                axis=alt.Axis(format="~s", tickCount=4),
            ),
            color=_paint(view),
        ),
    )
    return Plot(name, title, caption, SPAN_HEADS, table, spec(_small(chart, view), rows))


def latency(view: View) -> Plot:
    name, title = "course-latency", "Latency in each second"
    caption = (
        "Whole line: half of the answers of that second were faster. Broken line: 99 in a hundred"
        " were (p99). Medians of the trials. Peaks that come back are worth a question."
    )
    rows: list[Row] = [
        {**named(group.step, group.model), "t": moment.t_s, "ms": value_us / 1000, "part": part}
        for group in view.groups
        for moment in group.moments
        for part, value_us in (("p50", moment.p50_us), ("p99", moment.p99_us))
        if value_us
    ]
    if len({row["t"] for row in rows}) < 2:
        missing = "The trials of this run hold no latencies by the second."
        return Plot(name, title, caption, missing=missing)
    table = []
    for group in view.groups:
        for part in ("p50", "p99"):
            found = sorted(
                value for m in group.moments if (value := m.p50_us if part == "p50" else m.p99_us)
            )
            if found:
                spread = (found[0], found[len(found) // 2], found[-1])
                table.append(
                    [
                        f"{group.model}, {part}",
                        group.step.label,
                        str(len(found)),
                        *(f"{milliseconds(round(us))} ms" for us in spread),
                    ]
                )
    chart = layered(
        alt.Chart()
        .mark_line()
        .encode(
            x=_seconds(),
            y=alt.Y(
                "ms:Q",
                title="milliseconds",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format="~g", tickCount=4),
            ),
            color=_paint(view),
            strokeDash=alt.StrokeDash(
                "part:N",
                scale=alt.Scale(domain=["p50", "p99"], range=[[1, 0], [4, 3]]),
                legend=alt.Legend(orient="top"),
            ),
        )
    )
    return Plot(name, title, caption, SPAN_HEADS, table, spec(_small(chart, view), rows))


def _seconds() -> alt.X:
    return alt.X(
        "t:Q", title=None, axis=alt.Axis(tickCount=4, grid=False, labelExpr="datum.label + ' s'")
    )


def _paint(view: View) -> alt.Color:
    return alt.Color("model:N", scale=color(view), legend=None)


def _small(chart: alt.LayerChart, view: View) -> alt.FacetChart:
    """Whoever shows it sets the columns and their width."""
    facet = alt.Facet("model:N", sort=list(view.models), header=alt.Header(labelAnchor="start"))
    return of_step(chart.properties(height=120, data=DATA), view).facet(facet=facet, columns=4)
