"""The plots of the window second by second: rate and latency, a small one for each model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

import altair as alt

from lab.figure import figure, milliseconds
from lab.report.page.plot import (
    DATA,
    Plot,
    Row,
    absent,
    color,
    layered,
    log_y,
    named,
    of_step,
    spec,
)
from lab.report.page.view import Group, View

SPACING = {"row": 64, "column": 62}  # for the axes and the names of small plots
HEADS = ("model", "load", "of", "seconds", "least", "median", "most")


def rate(view: View) -> Plot:
    name, title = "course-rate", "Good answers in each second"
    caption = (
        "As a share of the model's own median, so that all have one scale. The line is the median"
        " of the trials in that second of the window, the shade reaches from the lowest to the"
        " highest trial. A line that is not level was not in a steady state."
    )
    rows: list[Row] = [
        {
            **named(group.step, group.model),
            "t": moment.t_s,
            "value": moment.rate_rps / usual,
            "low": moment.rate_low_rps / usual,
            "high": moment.rate_high_rps / usual,
        }
        for group in view.groups
        if (usual := _usual(group))
        for moment in group.moments
    ]
    if len({row["t"] for row in rows}) < 2:
        missing = "The trials of this run hold no series by the second."
        return Plot(name, title, caption, missing=missing)
    table = [
        _line(group, "requests/s", map(figure, _span([m.rate_rps for m in group.moments])))
        for group in view.groups
        if group.moments
    ]
    caption += absent(view, rows)
    return Plot(name, title, caption, HEADS, table, spec(_rates(view), rows))


def latency(view: View) -> Plot:
    name, title = "course-latency", "Latency in each second"
    caption = (
        "Whole line: half of the answers of that second were faster (p50). Broken line: 99 in a"
        " hundred were (p99). Medians of the trials. Peaks that come back are worth a question."
    )
    found = [
        (group, part, [(m.t_s, us) for m in group.moments if (us := getattr(m, part)) is not None])
        for group in view.groups
        for part in ("p50_us", "p99_us")
    ]
    rows: list[Row] = [
        {
            **named(group.step, group.model),
            "t": t_s,
            "ms": max(value_us, 1) / 1000,
            "part": part.removesuffix("_us"),
        }
        for group, part, times in found
        for t_s, value_us in times
    ]
    if len({row["t"] for row in rows}) < 2:
        missing = "The trials of this run hold no latencies by the second."
        return Plot(name, title, caption, missing=missing)
    table = [
        _line(
            group,
            part.removesuffix("_us") + " ms",
            (milliseconds(round(us)) for us in _span([us for _, us in times])),
        )
        for group, part, times in found
        if times
    ]
    caption += absent(view, rows)
    return Plot(name, title, caption, HEADS, table, spec(_latencies(view, rows), rows))


def _usual(group: Group) -> float:
    return median(moment.rate_rps for moment in group.moments) if group.moments else 0.0


def _rates(view: View) -> alt.FacetChart:
    shade = alt.Chart().mark_area(opacity=0.22).encode(y=alt.Y("low:Q"), y2="high:Q")
    axis = alt.Axis(format=".0%", tickCount=4)
    up = alt.Scale(zero=True, nice=4)
    line = alt.Chart().mark_line().encode(y=alt.Y("value:Q", title=None, axis=axis, scale=up))
    return _small(view, shade, line)


def _latencies(view: View, rows: Sequence[Row]) -> alt.FacetChart:
    parts = alt.Scale(domain=["p50", "p99"], range=[[1, 0], [4, 3]])
    line = (
        alt.Chart()
        .mark_line()
        .encode(
            y=log_y(rows, "ms", "milliseconds"),
            strokeDash=alt.StrokeDash("part:N", scale=parts, legend=alt.Legend(orient="top")),
        )
    )
    return _small(view, line)


def _small(view: View, *layers: alt.Chart) -> alt.FacetChart:
    """Whoever shows it sets the columns and their width."""
    seconds = alt.Axis(tickCount=3, grid=False, labelExpr="datum.label + ' s'")
    painted = layered(*layers).encode(
        x=alt.X("t:Q", title=None, axis=seconds),
        color=alt.Color("model:N", scale=color(view), legend=None),
    )
    facet = alt.Facet(
        "model:N", sort=view.best_first(view.busiest), header=alt.Header(labelAnchor="start")
    )
    whole: alt.LayerChart = of_step(painted.properties(height=120, data=DATA), view)
    small = whole.facet(facet=facet, columns=4, bounds="flush", spacing=SPACING)
    parted: alt.FacetChart = small.resolve_axis(x="independent")
    return parted


def _span(values: Sequence[float]) -> tuple[float, float, float]:
    return min(values), median(values), max(values)


def _line(group: Group, of: str, span: Iterable[str]) -> list[str]:
    return [group.model, group.step.label, of, str(len(group.moments)), *span]
