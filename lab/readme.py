"""The README's figures: a table made from the published runs, and nothing written by hand. Pure.

One row a model, one column a published scenario. What stands in a cell is the median of ten trials
with its interval and rank; a figure that says nothing of the server says so instead of a rank.
"""

from __future__ import annotations

from collections.abc import Mapping

from tabulate import tabulate

from lab.cells import Cell
from lab.figure import NOTHING, figure
from lab.report import Report

BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
SVG = "docs/published.svg"
PLOTTED = "static"  # whose throughput the plot shows
WHY_NOT = {"generator-bound": "load-bound", "co-saturated": "both full", "unsaturated": "not full"}


def replaced(readme: str, block: str) -> str:
    """The README with this between its marks. ValueError where it has none."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("README.md has lost its marks `measured: begin` and `measured: end`")
    return f"{before}{BEGIN}{block}{END}{after}"


def block(published: Mapping[str, Report]) -> str:
    """`published`: by the scenario's name, in the order of the columns."""
    models = dict.fromkeys(
        model for report in published.values() for model in report.manifest.models
    )
    rows = [[model, *(_cell(report, model) for report in published.values())] for model in models]
    table = tabulate(rows, ["model", *published], tablefmt="github", disable_numparse=True)
    parts = [
        "Requests a second, median of 10 trials in shuffled blocks and its 95 % interval; in each"
        " column, models that share a letter cannot be told apart:",
        table,
        f"![Requests a second with intervals, scenario {PLOTTED}]({SVG})",
        "\n".join(f"- `{name}`: {_conditions(report)}" for name, report in published.items()),
        "A figure without a letter is not the server's own: `load-bound` is the load generator's,"
        " `both full` both theirs, `not full` had strength left. All of it, with latencies,"
        " verdicts and every trial, lies in [results/published](results/published).",
    ]
    return "\n\n".join(parts) + "\n"


def _cell(report: Report, model: str) -> str:
    found = [cell for cell in report.cells if cell.model == model]
    if not found:
        return NOTHING
    [cell] = found  # one value of users
    span = cell.throughput
    interval = f" ({figure(span.low)} - {figure(span.high)})" if span else ""
    return f"{figure(cell.throughput_rps)}{interval} {_rank(report, cell)}"


def _rank(report: Report, cell: Cell) -> str:
    for standing in report.standings:
        if standing.step == cell.step and cell.model in standing.groups:
            return f"**{standing.groups[cell.model]}**"
    if cell.verdict != "valid":
        return f"*{cell.verdict}*"
    return f"*{WHY_NOT.get(cell.limit or '', 'mixed')}*"


def _conditions(report: Report) -> str:
    manifest = report.manifest
    host = manifest.host
    users = ", ".join(f"{count:,}" for count in manifest.users)
    return (
        f"{users} users, connection {manifest.connection}, path {manifest.path};"
        f" `make bench SCENARIO=scenarios/published/{manifest.scenario.name}.yml`,"
        f" {manifest.created_at[:10]}, {host.cpu_model or 'CPU unknown'}, {host.cpus} CPUs,"
        f" Linux {host.kernel}, Docker {manifest.versions.docker}"
    )
