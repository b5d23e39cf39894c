"""The README's figures, made from the published runs.

The answer first, then a plot, then a table with a row for each model and a column for each
published scenario of one step: throughput with its interval and rank. Below it each run's own
answer, with its reasons. The rest stands in the runs' own reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tabulate import tabulate

from lab.analysis.cells import Cell
from lab.analysis.phrases import answered
from lab.figure import NOTHING, figure
from lab.records.manifest import Manifest
from lab.report import page
from lab.report.headline import headline
from lab.report.report import Report

BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


@dataclass(frozen=True)
class Picture:
    """A plot of a published run. `shows`: for those who do not see it."""

    scenario: str
    plot: str
    svg: str
    shows: str


ANSWER = Picture("keep-alive", "throughput", "docs/published.svg", "Requests a second, keep-alive")
LADDER = Picture("ladder", "articles", "docs/ladder.svg", "Throughput from 20 to 15,000 users")


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
        headline(columns),
        _shown(ANSWER, published),
        "Requests a second: the median of the trials, and its 95 % interval. In bold the rank:"
        " `1-3` is first, second or third, the trials do not say which. `≥`: the model was not at"
        " its limit, it can do at least that. Each column is a scenario of"
        " [scenarios/published](scenarios/published): `make bench SCENARIO=published/static`.",
        tabulate(rows, ["model", *columns], tablefmt="github", disable_numparse=True),
        "<details><summary>Scenario by scenario, with the reasons</summary>",
        "\n".join(
            _answer(name, each, _elsewhere(each, columns)) for name, each in published.items()
        ),
        "</details>",
        _shown(LADDER, published),
        "\n".join(_conditions(published)),
        "Latency, CPU time of an answer, verdicts and reasons: the reports in"
        " [results/published](results/published), such as"
        f" [{next(iter(published))}](results/published/{next(iter(published))}/report.md).",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def pictures(published: Mapping[str, Report]) -> dict[str, str]:
    """Path -> SVG of each picture whose run is published."""
    return {
        each.svg: page.svg(published[each.scenario], each.plot)[0]
        for each in (ANSWER, LADDER)
        if each.scenario in published
    }


def _shown(picture: Picture, published: Mapping[str, Report]) -> str:
    if picture.scenario not in published:
        return ""
    caption = page.caption(published[picture.scenario], picture.plot)
    return f"![{picture.shows}]({picture.svg})\n\n{picture.shows}. {caption}"


def _answer(name: str, report: Report, elsewhere: Sequence[str]) -> str:
    """The scenario, its own words on what it is, and below them a line for each sentence."""
    said = report.manifest.scenario.text.partition("about:")[2].partition("\n")[0].strip(" .'\"")
    about = f": {said[:1].lower()}{said[1:]}" if said else ""
    told = [*report.answer, *elsewhere]
    return "\n".join([f"- **{name}**{about}", *(f"  - {each}" for each in told)])


def _elsewhere(report: Report, columns: Mapping[str, Report]) -> list[str]:
    hosts = {_host(each.manifest) for each in columns.values()}
    if not hosts or _host(report.manifest) in hosts:
        return []
    return ["Measured on another host: do not compare its figures with those of the table."]


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
