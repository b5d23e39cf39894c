"""The plot of throughput: every trial a dot, the median a bar, the interval a band."""

from __future__ import annotations

import altair as alt

from lab.page.palette import INK
from lab.page.plot import DATA, Plot, Row, color, hollow_unless_sound, layered, named, of_step, spec
from lab.page.view import View
from lab.table import figure

NAME, TITLE = "throughput", "Throughput, and every trial behind it"
HEADS = ("model", "load", "trials", "requests/s, median", "from", "to")


def plot(view: View) -> Plot:
    caption = (
        "Each dot is one trial, a fresh server; dots of a model run from its first trial at the top"
        " to its last below. The upright bar is their median"
        + (f", the band reaches {view.spread}" if any(g.throughput for g in view.groups) else "")
        + ". Bands that overlap are no difference. Hollow: not to be ranked, the notes say why."
    )
    rows = _rows(view)
    if not rows:
        missing = "No trial of this run measured a throughput, so there is nothing to draw."
        return Plot(NAME, TITLE, caption, missing=missing)
    return Plot(NAME, TITLE, caption, HEADS, _table(view), spec(_chart(view), rows))


def _chart(view: View) -> alt.LayerChart:
    x = alt.X(
        "rps:Q",
        title="requests/s",
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(format="~s"),
    )
    y = alt.Y("model:N", sort=list(view.models), title=None)
    base = alt.Chart(DATA).encode(y=y)
    groups = base.transform_filter("datum.kind === 'group'")
    tip = [alt.Tooltip("model:N"), alt.Tooltip("rps:Q", format=",.0f", title="requests/s")]
    band = (
        groups.mark_bar(height=alt.RelativeBandSize(0.72), opacity=0.22, cornerRadius=3)
        .encode(
            x=alt.X("low:Q"),
            x2="high:Q",
            color=alt.Color("model:N", scale=color(view), legend=None),
        )
        .transform_filter("isValid(datum.low)")
    )
    middle = groups.mark_tick(thickness=3, height=alt.RelativeBandSize(0.72), color=INK[0]).encode(
        x=x, tooltip=tip
    )
    dots = (
        base.transform_filter("datum.kind === 'trial'")
        .mark_point(size=42, strokeWidth=1.5, opacity=0.95)
        .encode(
            x=x,
            yOffset=alt.YOffset("block:Q", scale=alt.Scale(zero=False, padding=8)),
            tooltip=[*tip, alt.Tooltip("trial:Q"), alt.Tooltip("verdict:N")],
            **hollow_unless_sound(view),
        )
    )
    layers = layered(band, dots, middle).properties(width="container", height=alt.Step(44))
    return of_step(layers, view)


def _rows(view: View) -> list[Row]:
    trials: list[Row] = [
        {
            "kind": "trial",
            **named(trial.step, trial.model),
            "rps": trial.throughput_rps,
            "block": trial.block,
            "trial": trial.number,
            "verdict": trial.verdict,
            "sound": trial.sound,
        }
        for trial in view.trials
        if trial.throughput_rps is not None
    ]
    groups: list[Row] = [
        {
            "kind": "group",
            **named(group.step, group.model),
            "rps": group.throughput_rps,
            "low": group.throughput.low if group.throughput else None,
            "high": group.throughput.high if group.throughput else None,
        }
        for group in view.groups
        if group.throughput_rps is not None
    ]
    return groups + trials


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
