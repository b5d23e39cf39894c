"""The README's figures: a table made from the published runs, and nothing written by hand. Pure.

Two tables, one row a model, one column a published scenario: throughput, the median of ten trials
with its interval and rank, and the CPU time of an answer. A throughput that says nothing of the
server says so instead of a rank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tabulate import tabulate

from lab import ranks
from lab.cells import Cell
from lab.figure import NOTHING, figure
from lab.report import Report
from lab.table import LIMITS

BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
SVG = "docs/published.svg"
PLOTTED = "keep-alive"  # whose throughput the plot shows: there most figures are the servers' own


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
        "Requests a second in the scenarios of `scenarios/published/`, median of 10 trials in"
        " shuffled blocks and its 95 % interval; in each column, models that share a letter cannot"
        " be told apart:",
        table(_throughput),
        f"![Requests a second with intervals, scenario {PLOTTED}]({SVG})",
        "\n".join(f"- `{name}`: {_conditions(report)}" for name, report in published.items()),
        "A figure without a letter is not ranked, and says who was at the limit instead: the load"
        " `generator`, `both`, `neither`, or now one and now another (`mixed`). The model can do as"
        " much, or more. `alone`: the server was the limit, but the only one of its column.",
        *_ahead(published),
        "Microseconds of the server's CPU for an answer, the kernel's work for it included, and in"
        " brackets how busy that CPU was. A server that is not full is woken for each request,"
        " which costs as well: compare those that were as busy.",
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
    busy = "" if cell.cpu_share is None else f" ({cell.cpu_share:.0%})"
    return figure(cell.mechanism.cpu_us) + busy


def _ahead(published: Mapping[str, Report]) -> list[str]:
    lines = [
        f"- `{name}`, {line}."
        for name, report in published.items()
        for line in ranks.faster_unranked(report.cells, report.standings)
    ]
    return ["\n".join(lines)] if lines else []


def _rank(report: Report, cell: Cell) -> str:
    for standing in report.standings:
        if standing.step == cell.step and cell.model in standing.groups:
            return f"**{standing.groups[cell.model]}**"
    if cell.verdict != "valid":
        return f"*{cell.verdict}*"
    return "*alone*" if cell.ranks else f"*{LIMITS.get(cell.limit or '', 'mixed')}*"


def _conditions(report: Report) -> str:
    manifest = report.manifest
    host = manifest.host
    users = ", ".join(f"{count:,}" for count in manifest.users)
    sat = f" in {report.sittings} sittings" if report.sittings > 1 else ""
    return (
        f"{users} users, connection {manifest.connection}, path {manifest.path};"
        f" `make bench SCENARIO=published/{manifest.scenario.name}`,"
        f" {manifest.created_at[:10]}{sat}, {host.cpu_model or 'CPU unknown'}, {host.cpus} CPUs,"
        f" Linux {host.kernel}, Docker {manifest.versions.docker}"
    )
