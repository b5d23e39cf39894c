"""The ladders: throughput and p99 on every step of users or rate, a line for each model."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt

from lab.figure import figure
from lab.page.plot import (
    DATA,
    Plot,
    Row,
    color,
    dash,
    hollow_unless_sound,
    layered,
    log_axis,
    named,
    spec,
)
from lab.page.view import Group, Interval, View

Figure = Callable[[Group], tuple[float | None, Interval | None]]
HOLLOW = " Hollow points are not to be trusted or say more of the load than of the server."


def throughput(view: View) -> Plot:
    return _plot(
        view,
        name="ladder-throughput",
        title=f"Throughput as {_axis(view)} grow",
        caption="A line that rises has strength left; where it bends, the server (or the load, see"
        " the hollow points) is full; where it falls, more load makes it do less.",
        unit="requests/s",
        of=lambda group: (group.throughput_rps, group.throughput),
        log=False,
    )


def p99(view: View) -> Plot:
    closed = " In a closed loop more users at a full server wait longer: that is arithmetic."
    return _plot(
        view,
        name="ladder-p99",
        title=f"The slowest answers as {_axis(view)} grow",
        caption="The time that one answer in a hundred exceeded, each line a tenfold of the one"
        " below it." + (closed if view.load == "closed" else ""),
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
    caption += HOLLOW
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
    heads = ("model", "load", unit, "from", "to")
    return Plot(
        name,
        title,
        caption,
        heads,
        table,
        spec(_chart(view, unit, log_axis(rows, "value") if log else None, shaded), rows),
        keyed=True,
        by_step=False,
    )


def _chart(view: View, unit: str, log: alt.Axis | None, shaded: bool) -> alt.LayerChart:
    """`log`: the axis of values where they are shown on a log scale."""
    heights = sorted({step.height for step in view.steps})
    wide = heights[-1] / heights[0] > 10
    across = alt.Scale(type="log", nice=False, padding=12)
    if not wide:
        across = alt.Scale(zero=False, nice=False, padding=12)
    x = alt.X(
        "height:Q",
        title="requests offered each second" if _axis(view) == "rates" else "users",
        scale=across,
        axis=alt.Axis(values=heights, format=",", labelOverlap="greedy", grid=False),
    )
    up = alt.Scale(type="log", nice=False) if log else alt.Scale(zero=True)
    y = alt.Y("value:Q", title=unit, scale=up, axis=log or alt.Axis(format=",~f", tickCount=6))
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
    layers = (shade, line, points) if shaded else (line, points)
    return layered(*layers).properties(width="container", height=360)


def _axis(view: View) -> str:
    return "rates" if any(step.rate_rps is not None for step in view.steps) else "users"


def _p99_ms(group: Group) -> tuple[float | None, Interval | None]:
    if group.p99_us is None:
        return None, None
    interval = group.p99 and Interval(group.p99.low / 1000, group.p99.high / 1000)
    return group.p99_us / 1000, interval
