"""The README's figures, made from the published runs.

The answers first, then a plot, then a table with a row for each model and a column for each
published scenario of one step: throughput with its interval and rank. The rest stands in the runs'
own reports.
"""

from __future__ import annotations

from collections.abc import Mapping

from tabulate import tabulate

from lab.analysis.cells import Cell
from lab.analysis.phrases import answered
from lab.figure import NOTHING, figure
from lab.records.manifest import Manifest
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
    rows = [[model, *(_throughput(each, model) for each in columns.values())] for model in models]
    parts = [
        "\n".join(_answer(name, each) for name, each in published.items()),
        f"![Requests a second with intervals, scenario {PLOTTED}]({SVG})",
        "Requests a second, median of the trials with its 95 % interval; in bold the rank (`1-3` is"
        " first, second or third: the trials do not say which). `≥`: the load generator held the"
        " model back, or nothing was saturated; it can do at least that. What each scenario asks:"
        " [scenarios/published](scenarios/published).",
        tabulate(rows, ["model", *columns], tablefmt="github", disable_numparse=True),
        "\n".join(_conditions(published)),
        "Latency, CPU time of an answer, verdicts and reasons: the reports in"
        " [results/published](results/published), such as"
        f" [{next(iter(published))}](results/published/{next(iter(published))}/report.md).",
    ]
    return "\n\n".join(parts) + "\n"


def _answer(name: str, report: Report) -> str:
    """The scenario, its own words on what it is, and below them a line for each sentence."""
    said = report.manifest.scenario.text.partition("about:")[2].partition("\n")[0].strip(" .'\"")
    about = f": {said[:1].lower()}{said[1:]}" if said else ""
    return "\n".join([f"- **{name}**{about}", *(f"  - {each}" for each in report.answer)])


def _throughput(report: Report, model: str) -> str:
    cell = next((cell for cell in report.cells if cell.model == model), None)
    if cell is None:
        return NOTHING
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


def _conditions(published: Mapping[str, Report]) -> list[str]:
    """How each run was made, below the host where it was."""
    hosts: dict[str, list[str]] = {}
    for name, report in published.items():
        hosts.setdefault(_host(report.manifest), []).append(f"- {name}: {_made(name, report)}")
    parts = [
        line for host, runs in hosts.items() for line in (f"Measured on {host}:", "", *runs, "")
    ]
    return parts[:-1]


def _host(manifest: Manifest) -> str:
    host = manifest.host
    return (
        f"{host.cpu_model or 'an unknown CPU'}, {host.cpus} CPUs, Linux {host.kernel},"
        f" Docker {manifest.versions.docker}"
    )


def _made(name: str, report: Report) -> str:
    manifest = report.manifest
    users = ", ".join(f"{count:,}" for count in manifest.users)
    sat = f" in {report.sittings} sittings" if report.sittings > 1 else ""
    return (
        f"`make reproduce RUN=results/published/{name}` runs it again;"
        f" {manifest.created_at[:10]}{sat}; {users} users, connection"
        f" {manifest.connection}, path {manifest.path}, receive {manifest.receive}"
    )
