"""The README's figures, made from the published runs. Pure.

The answers first, then a plot, then two tables with a row for each model and a column for each
published scenario of one step: throughput with its interval and rank, and the CPU time of an
answer. Of ladders and races the answer stands here, and the rest in their own reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tabulate import tabulate

from lab.analysis.cells import Cell
from lab.analysis.phrases import answered
from lab.figure import NOTHING, figure
from lab.report.report import Report

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
    columns = {
        name: report
        for name, report in published.items()
        if len(report.manifest.users) == 1 and not any(cell.reference for cell in report.cells)
    }
    models = dict.fromkeys(model for report in columns.values() for model in report.manifest.models)

    def table(show: Callable[[Report, Cell], str]) -> str:
        rows = [[model, *(_of(each, model, show) for each in columns.values())] for model in models]
        return tabulate(rows, ["model", *columns], tablefmt="github", disable_numparse=True)

    parts = [
        "\n".join(f"- `{name}`: {' '.join(each.answer)}" for name, each in published.items()),
        f"![Requests a second with intervals, scenario {PLOTTED}]({SVG})",
        "Requests a second, median of the trials with its 95 % interval; in bold the rank (`1-3` is"
        " first, second or third: the trials do not say which). `≥`: the load generator held the"
        " model back, or nothing was saturated; it can do at least that.",
        table(_throughput),
        "Microseconds of the server's CPU for an answer, the kernel's work for it included, and in"
        " brackets how busy that CPU was. A server that is not saturated is woken for each request,"
        " which costs as well: compare servers that were equally busy.",
        table(_cost),
        "\n".join(f"- `{name}`: {_conditions(report)}" for name, report in published.items()),
        "All columns, latencies, verdicts and every trial: [results/published](results/published).",
    ]
    return "\n\n".join(parts) + "\n"


def _of(report: Report, model: str, show: Callable[[Report, Cell], str]) -> str:
    found = [cell for cell in report.cells if cell.model == model]
    return show(report, found[0]) if found else NOTHING


def _throughput(report: Report, cell: Cell) -> str:
    if cell.verdict != "valid":
        return f"*{cell.verdict}*"
    span = cell.throughput
    parts = [
        ("" if cell.ranks else "≥ ") + figure(cell.throughput_rps),
        f"({figure(span.low)} - {figure(span.high)})" if span else "",
        _rank(report, cell),
        answered(cell.users, cell.unanswered),
    ]
    return " ".join(part for part in parts if part)


def _rank(report: Report, cell: Cell) -> str:
    for ranking in report.rankings:
        named = ranking.step == cell.step and cell.model in ranking.names
        if named and ranking.order.says_something:
            return f"**{ranking.order.place(cell.model)}**"
    return ""


def _cost(_report: Report, cell: Cell) -> str:
    busy = "" if cell.cpu_share is None else f" ({cell.cpu_share:.0%})"
    return figure(cell.mechanism.cpu_us) + busy


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
