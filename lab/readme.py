"""The README's figures: a table made from the published runs, and nothing written by hand. Pure.

Two tables, one row a model, one column a published scenario: throughput, the median of ten trials
with its interval and rank, and the CPU time of an answer. A throughput that says nothing of the
server says so instead of a rank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tabulate import tabulate

from lab.cells import Cell
from lab.figure import NOTHING, figure
from lab.report import Report

BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
SVG = "docs/published.svg"
PLOTTED = "keep-alive"  # whose throughput the plot shows: there most figures are the servers' own
WHY_NOT = {
    "server-bound": "alone",
    "generator-bound": "load-bound",
    "co-saturated": "both full",
    "unsaturated": "not full",
}


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

    def table(show: Callable[[Report, Cell], str]) -> str:
        rows = [
            [model, *(_of(each, model, show) for each in published.values())] for model in models
        ]
        return tabulate(rows, ["model", *published], tablefmt="github", disable_numparse=True)

    parts = [
        "Requests a second, median of 10 trials in shuffled blocks and its 95 % interval; in each"
        " column, models that share a letter cannot be told apart:",
        table(_throughput),
        f"![Requests a second with intervals, scenario {PLOTTED}]({SVG})",
        "\n".join(f"- `{name}`: {_conditions(report)}" for name, report in published.items()),
        "A figure without a letter is not ranked: `load-bound` is the load generator's, `both full`"
        " both theirs, `not full` had strength left, `mixed` was one in some trials and another in"
        " others; `alone` is the server's own, with no other of that kind to hold it against.",
        "What an answer costs the server tells also where the load was the limit: microseconds of"
        " CPU for each, the kernel's work for it included:",
        table(_cost),
        "All of it, with latencies, verdicts and every trial, lies in"
        " [results/published](results/published).",
    ]
    return "\n\n".join(parts) + "\n"


def _of(report: Report, model: str, show: Callable[[Report, Cell], str]) -> str:
    found = [cell for cell in report.cells if cell.model == model]
    return show(report, found[0]) if found else NOTHING  # one value of users


def _throughput(report: Report, cell: Cell) -> str:
    span = cell.throughput
    interval = f" ({figure(span.low)} - {figure(span.high)})" if span else ""
    return f"{figure(cell.throughput_rps)}{interval} {_rank(report, cell)}"


def _cost(_report: Report, cell: Cell) -> str:
    return figure(cell.mechanism.cpu_us)


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
