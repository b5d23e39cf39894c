"""What every plot has: a title, a line that says how to read it, a spec, and a table beside it.

A spec is Vega-Lite as Altair makes it, with its data inside. The same one becomes the interactive
plot of the page and, by vl-convert, an SVG; only its width is left to whoever shows it. Colours are
those for light (see `palette`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import altair as alt

from lab.analysis.phrases import listed
from lab.report.page.palette import GRID, INK, MUTED, PAPER, styles
from lab.report.page.view import Step, View

Spec = dict[str, Any]
Row = Mapping[str, str | float | bool | None]
AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart
Stepped = TypeVar("Stepped", alt.Chart, alt.LayerChart)

STEP = "step"  # the parameter that chooses one step of the ladder, by its label
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Plot:
    """`spec` is None where the run has nothing to plot; `missing` is the sentence instead."""

    name: str
    title: str
    caption: str
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    spec: Spec | None = None
    missing: str = ""
    keyed: bool = False  # models are told apart by the key of colours, not by labels
    by_step: bool = True  # shows one step of the ladder at a time


def spec(chart: AnyChart, rows: Sequence[Row]) -> Spec:
    """`chart` draws from `DATA`. Altair would check each row by itself: they are put in after."""
    whole: Spec = chart.configure(**CONFIG).to_dict()
    whole["datasets"] = {
        "rows": [{name: _short(value) for name, value in row.items()} for row in rows]
    }
    return whole


DATA = alt.NamedData("rows")


def layered(*charts: alt.Chart) -> alt.LayerChart:
    return alt.LayerChart(layer=list(charts))


def of_step(chart: Stepped, view: View) -> Stepped:
    """Only the rows of the step that is chosen; the busiest at first."""
    assert view.busiest is not None
    return chart.add_params(alt.param(name=STEP, value=view.busiest.label)).transform_filter(
        f"datum.step === {STEP}"
    )


def color(view: View) -> alt.Scale:
    looks = styles(view.models)
    return alt.Scale(domain=list(looks), range=[look.light for look in looks.values()])


def shape(view: View) -> alt.Scale:
    looks = styles(view.models)
    return alt.Scale(domain=list(looks), range=[look.shape for look in looks.values()])


def dash(view: View) -> alt.Scale:
    looks = styles(view.models)
    return alt.Scale(
        domain=list(looks), range=[list(look.dash) or [1, 0] for look in looks.values()]
    )


PLAIN = ",~f"  # 10, 1,500 and 0.05, never 1e+1
DIGITS = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0))
TICKS = 3  # at least, on a log axis


def log_scale(values: Sequence[float]) -> tuple[alt.Scale, list[float]]:
    """A scale that holds these positive values, and where to put its ticks: round numbers, as few
    as will do. A narrow range is widened, so that it has them."""
    low, high = min(values) / 1.08, max(values) * 1.08
    if high / low < 3:
        middle = math.sqrt(low * high)
        low, high = middle / math.sqrt(3), middle * math.sqrt(3)
    ticks: list[float] = []
    for digits in DIGITS:
        decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        ticks = [
            float(f"{digit}e{decade}")
            for decade in decades
            for digit in digits
            if low <= float(f"{digit}e{decade}") <= high
        ]
        if len(ticks) >= TICKS:
            break
    return alt.Scale(type="log", domain=[low, high], nice=False), ticks


def log_y(rows: Sequence[Row], name: str, title: str) -> alt.Y:
    values = [value for row in rows if isinstance(value := row[name], float) and value > 0]
    scale, ticks = log_scale(values)
    axis = alt.Axis(values=ticks, format=PLAIN, labelOverlap=True)
    return alt.Y(f"{name}:Q", title=title, scale=scale, axis=axis)


def absent(view: View, rows: Sequence[Row]) -> str:
    """Whom a plot does not show, as the end of its caption; nothing where it shows everybody."""
    shown = {(row["step"], row["model"]) for row in rows}
    missing: dict[tuple[str, ...], list[str]] = {}
    for step in view.steps:
        names = tuple(model for model in view.models if (step.label, model) not in shown)
        if names:
            missing.setdefault(names, []).append(step.label)
    told = [
        listed(names) + (f" at {listed(steps)}" if len(view.steps) > 1 else "")
        for names, steps in missing.items()
    ]
    return f" Without a figure, so not drawn: {'; '.join(told)}." if told else ""


def hollow_unless_sound(view: View, *, keyed: bool) -> dict[str, Any]:
    """Encodings of a point: filled where its trials can be trusted. `keyed`: with a legend."""
    legend = alt.Undefined if keyed else None
    return {
        "stroke": alt.Stroke("model:N", scale=color(view), legend=legend),
        "fill": alt.when("datum.sound")
        .then(alt.Fill("model:N", scale=color(view), legend=legend))
        .otherwise(alt.value(PAPER[0])),
        "shape": alt.Shape("model:N", scale=shape(view), legend=legend),
    }


def named(step: Step, model: str) -> dict[str, str]:
    return {"model": model, "step": step.label}


def _short(value: str | float | bool | None) -> str | float | bool | None:
    """Five significant digits: more cannot be seen, and the page is to be small."""
    return float(f"{value:.5g}") if isinstance(value, float) else value


CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED[0],
        "titleColor": MUTED[0],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": GRID[0],
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    },
    "header": {"labelColor": INK[0], "labelFontSize": 13, "labelFontWeight": 600, "title": None},
    "legend": {
        "labelColor": INK[0],
        "labelFontSize": 12,
        "title": None,
        "symbolSize": 90,
        "symbolOpacity": 1,
        "symbolFillColor": INK[0],
        "symbolStrokeColor": INK[0],
    },
    "line": {"strokeWidth": 2},
}
