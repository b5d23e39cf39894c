"""The articles' curves beside this run's: shapes over the users, and how alike the orders are.

Each curve is scaled to its own best, since hosts, languages and networks differ; what can be
compared is where a curve bends. Kendall's tau-b compares the orders of the models at a step: 1 is
the same order, 0 no relation, -1 the opposite one.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import altair as alt

from lab.figure import NOTHING, figure
from lab.report.page.plot import DATA, PLAIN, Plot, Row, color, dash, layered, spec
from lab.report.page.view import View
from lab.statistics.agreement import FEWEST, tau_b

NAME, TITLE = "articles", "Beside the articles' servers"
SOURCE = Path(__file__).with_name("articles.csv")
Rates = Mapping[str, Mapping[int, float]]  # model -> users -> requests/s


@cache
def articles() -> Rates:
    """What the articles measured: seven servers in C, ab over a network, in 2019."""
    lines = [line for line in SOURCE.read_text().splitlines() if not line.startswith("#")]
    found: dict[str, dict[int, float]] = {}
    for row in csv.DictReader(lines):
        users = int(row.pop("users"))
        for model, rate in row.items():
            if rate:
                found.setdefault(model, {})[users] = float(rate)
    return found


def plots(view: View) -> list[Plot]:
    """One, for a closed ladder of the articles' models; else none."""
    ours = _ours(view)
    if len(view.steps) < FEWEST or view.load == "open" or len(ours) < FEWEST:
        return []
    theirs = {model: rates for model, rates in articles().items() if model in ours}
    rows = [*_rows(ours, "this run"), *_rows(theirs, "the articles, in C")]
    heads = ("users", "models", "Kendall's tau-b", "this run, best first", "articles, best first")
    whole = agreement(ours, theirs)
    caption = (
        "Each curve is scaled to its own best: compare the shapes, not the heights. Left: this run."
        " Right: Linux Applications Performance, unixism.net, 2019 (seven servers in C, one core,"
        " ab over a network)."
    )
    if whole is not None:
        caption += (
            " How far the order of the models agrees, over all steps: Kendall's tau-b is"
            f" {whole:.2f} (1: the same order, 0: no relation)."
        )
    return [
        Plot(
            NAME,
            TITLE,
            caption,
            heads,
            _table(ours, theirs),
            spec(_chart(view), rows),
            keyed=True,
            by_step=False,
        )
    ]


def _ours(view: View) -> Rates:
    found: dict[str, dict[int, float]] = {}
    for group in view.groups:
        if group.cell.throughput_rps and group.model in articles():
            found.setdefault(group.model, {})[group.step.users] = group.cell.throughput_rps
    return found


def at(rates: Mapping[int, float], users: int) -> float | None:
    """Between two steps by a straight line over the logarithm of the users; None outside."""
    if users in rates:
        return rates[users]
    below, above = [u for u in rates if u < users], [u for u in rates if u > users]
    if not below or not above:
        return None
    low, high = max(below), min(above)
    share = math.log(users / low) / math.log(high / low)
    return rates[low] + share * (rates[high] - rates[low])


def agreement(ours: Rates, theirs: Rates) -> float | None:
    """Over all steps: each model by the mean of its share of the step's best."""
    steps = _steps(ours, theirs)
    means = [_mean_shares(rates, steps) for rates in (ours, theirs)]
    return tau_b(*means) if steps else None


def _mean_shares(rates: Rates, steps: list[int]) -> dict[str, float]:
    shares: dict[str, list[float]] = {}
    for users in steps:
        known = _known(rates, users)
        for model, rate in known.items():
            shares.setdefault(model, []).append(rate / max(known.values()))
    return {model: sum(each) / len(each) for model, each in shares.items()}


def _steps(ours: Rates, theirs: Rates) -> list[int]:
    """Ours at which at least three models have a figure in both."""
    every = sorted({users for rates in ours.values() for users in rates})
    return [u for u in every if len(_known(ours, u).keys() & _known(theirs, u).keys()) >= FEWEST]


def _known(rates: Rates, users: int) -> dict[str, float]:
    return {model: found for model, each in rates.items() if (found := at(each, users))}


def _table(ours: Rates, theirs: Rates) -> list[list[str]]:
    rows = []
    for users in _steps(ours, theirs):
        one, other = _known(ours, users), _known(theirs, users)
        both = one.keys() & other.keys()
        found = tau_b(one, other)
        orders = [", ".join(sorted(both, key=lambda m, r=r: -r[m])) for r in (one, other)]  # type: ignore[misc]
        rows.append(
            [f"{users:,}", str(len(both)), NOTHING if found is None else figure(found), *orders]
        )
    return rows


def _rows(rates: Rates, whose: str) -> list[Row]:
    return [
        {
            "model": model,
            "step": "",
            "whose": whose,
            "users": users,
            "share": rate / max(each.values()),
        }
        for model, each in rates.items()
        for users, rate in each.items()
    ]


def _chart(view: View) -> alt.FacetChart:
    across = alt.Scale(type="log", nice=False, padding=8)
    line = (
        alt.Chart()
        .mark_line(point=alt.OverlayMarkDef(size=22))
        .encode(
            x=alt.X(
                "users:Q",
                title="users",
                scale=across,
                axis=alt.Axis(
                    values=[20, 100, 300, 1_000, 3_000, 15_000], format=PLAIN, grid=False
                ),
            ),
            y=alt.Y(
                "share:Q",
                title="share of its own best",
                scale=alt.Scale(domain=[0, 1.02], nice=False),
                axis=alt.Axis(format=".0%", tickCount=5),
            ),
            color=alt.Color("model:N", scale=color(view)),
            strokeDash=alt.StrokeDash("model:N", scale=dash(view)),
        )
    )
    facet = alt.Facet(
        "whose:N", sort=["this run", "the articles, in C"], header=alt.Header(title=None)
    )
    small: alt.FacetChart = (
        layered(line).properties(height=240, data=DATA).facet(facet=facet, columns=2, spacing=62)
    )
    return small
