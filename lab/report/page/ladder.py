"""The ladders: throughput and p99 on every step of users or rate, a line for each model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import altair as alt

from lab.figure import figure
from lab.report.page.palette import MUTED
from lab.report.page.plot import (
    DATA,
    PLAIN,
    Plot,
    Row,
    absent,
    color,
    dash,
    hollow_unless_sound,
    layered,
    log_y,
    named,
    spec,
)
from lab.report.page.view import Group, View
from lab.statistics.interval import Interval

Figure = Callable[[Group], tuple[float | None, Interval | None]]
HEIGHT = 320
HOLLOW = " Hollow points are not to be trusted, or are lower bounds."


def throughput(view: View) -> Plot:
    return _plot(
        view,
        name="ladder-throughput",
        title=f"Throughput as {_axis(view)} grow",
        caption="Where a line bends, the server (at a hollow point, the load generator) is"
        " saturated. Where it falls, more load makes it do less.",
        unit="requests/s",
        of=lambda group: (group.cell.throughput_rps, group.cell.throughput),
        log=False,
    )


def p99(view: View) -> Plot:
    closed = " In a closed loop more users at a full server wait longer: that is arithmetic."
    return _plot(
        view,
        name="ladder-p99",
        title=f"The slowest answers as {_axis(view)} grow",
        caption="The time that one answer in a hundred exceeded."
        + (" The broken line is the objective of the search." if view.objective_ms else "")
        + (closed if view.load == "closed" else ""),
        unit="p99, milliseconds",
        of=_p99_ms,
        log=True,
    )


def _plot(
    view: View, *, name: str, title: str, caption: str, unit: str, of: Figure, log: bool
) -> Plot:
    known = [(group, *of(group)) for group in view.groups]
    rows: list[Row] = [
        {
            **named(group.step, group.model),
            "height": group.step.height,
            "value": value,
            "low": interval.low if interval else None,
            "high": interval.high if interval else None,
            "sound": group.sound,
        }
        for group, value, interval in known
        if value is not None
    ]
    shaded = any(row["low"] is not None for row in rows)
    if shaded:
        caption += f" The shade reaches {view.spread}."
    caption += HOLLOW + absent(view, rows)
    if len({row["height"] for row in rows}) < 2:
        missing = "This run has one step of load only; a ladder takes several (USERS=10,100,1000)."
        return Plot(name, title, caption, missing=missing)
    table = [
        [
            group.model,
            group.step.label,
            figure(value),
            figure(i.low if i else None),
            figure(i.high if i else None),
        ]
        for group, value, i in known
    ]
    heads, up = ("model", "load", unit, "from", "to"), _up(rows, unit, log)
    return Plot(
        name,
        title,
        caption,
        heads,
        table,
        spec(_chart(view, up, shaded, unit, _objective(view, up) if log else ()), rows),
        keyed=True,
        by_step=False,
    )


def _up(rows: Sequence[Row], unit: str, log: bool) -> alt.Y:
    if log:
        return log_y(rows, "value", unit)
    axis = alt.Axis(format=PLAIN, tickCount=6)
    return alt.Y("value:Q", title=unit, scale=alt.Scale(zero=True), axis=axis)


def _objective(view: View, y: alt.Y) -> list[alt.Chart]:
    """What a search was for, as a line."""
    if view.objective_ms is None:
        return []
    rule = alt.Chart(alt.InlineData(values=[{"value": view.objective_ms}]))
    return [rule.mark_rule(strokeDash=[6, 4], color=MUTED[0]).encode(y=y)]


def _chart(
    view: View, y: alt.Y, shaded: bool, unit: str, objective: Sequence[alt.Chart]
) -> alt.LayerChart:
    heights = sorted({step.height for step in view.steps})
    wide = heights[-1] / heights[0] > 10
    across = alt.Scale(type="log", nice=False, padding=12)
    if not wide:
        across = alt.Scale(zero=False, nice=False, padding=12)
    x = alt.X(
        "height:Q",
        title="requests offered each second" if _axis(view) == "rates" else "users",
        scale=across,
        axis=alt.Axis(values=heights, format=PLAIN, labelOverlap="greedy", grid=False),
    )
    base = alt.Chart(DATA).encode(x=x)
    paint = alt.Color("model:N", scale=color(view))
    shade = (
        base.transform_filter("isValid(datum.low)")
        .mark_area(opacity=0.16)
        .encode(
            y=alt.Y("low:Q"),
            y2="high:Q",
            color=paint,
        )
    )
    line = base.mark_line().encode(
        y=y, color=paint, strokeDash=alt.StrokeDash("model:N", scale=dash(view))
    )
    points = base.mark_point(size=64, strokeWidth=1.8, opacity=1).encode(
        y=y,
        tooltip=[
            alt.Tooltip("model:N"),
            alt.Tooltip("step:N", title="load"),
            alt.Tooltip("value:Q", format=",.4~r", title=unit),
        ],
        **hollow_unless_sound(view, keyed=True),
    )
    layers = [*((shade,) if shaded else ()), line, points, *objective]
    return layered(*layers).properties(width="container", height=HEIGHT)


def _axis(view: View) -> str:
    return "rates" if any(step.rate_rps is not None for step in view.steps) else "users"


def _p99_ms(group: Group) -> tuple[float | None, Interval | None]:
    latency, spread = group.cell.latency, group.cell.p99_interval
    if latency is None or latency.p99_us is None:
        return None, None
    interval = spread and Interval(spread.low / 1000, spread.mid / 1000, spread.high / 1000)
    return latency.p99_us / 1000, interval
