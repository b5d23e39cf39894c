"""The table and the page: a record and the template's prose in, Markdown out. Pure.

The template (performance.md.in) is prose with places for what is measured:
    @TABLE@ @SIDES@ @FAULTS@ @HOST@ @COMMAND@ @PAIRS@ @SECONDS@ @DATE@
"""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

from speed.comparison import Comparison, Standing, compare
from speed.inside.rows import CONCURRENCY, CONNECTIONS, ROWS
from speed.record import Record

PAGE, RECORD = "docs/performance.md", "docs/performance.json"
TEMPLATE = "speed/performance.md.in"
NOTICE = "<!-- Made by `make speed` from speed/performance.md.in; do not edit here. -->\n"
LOADS = {
    "ab": f"fresh (ab -c{CONCURRENCY})",
    "wrk": f"kept (wrk -c{CONNECTIONS})",
}
COLUMNS = (
    "row", "load", "ours", "requests/s", "theirs", "requests/s", "ratio", "min to max", "floor", "",
)  # fmt: skip


def render(record: Record, template: str) -> str:
    """The page."""
    compared = comparisons(record)
    values = {
        "TABLE": table(compared, "pipe"),
        "SIDES": _sides(compared),
        "FAULTS": _faults(compared),
        "HOST": tabulate(
            [*record.host.items(), *record.versions.items()], headers=["", ""], tablefmt="pipe"
        ),
        "COMMAND": record.command,
        "PAIRS": str(record.pairs),
        "SECONDS": str(record.seconds),
        "DATE": record.at,
    }
    page = NOTICE + template
    for name, value in values.items():
        page = page.replace(f"@{name}@", value)
    return page


def comparisons(record: Record) -> list[Comparison]:
    """Of the rows that were measured, in the table's order."""
    there = {figure.row for figure in record.figures}
    return [compare(row, record.figures) for row in ROWS if row.name in there]


def table(compared: Sequence[Comparison], style: str = "simple") -> str:
    """A line for each row that was measured."""
    lines = [_cells(each) for each in compared]
    return tabulate(lines, headers=COLUMNS, tablefmt=style, disable_numparse=True)


def _cells(each: Comparison) -> tuple[str, ...]:
    ratio, spread = "-", "-"
    if each.ratio is not None:
        ratio = f"{each.ratio:.2f}"
        spread = f"{min(each.ratios):.2f} to {max(each.ratios):.2f}"
    floor = f"{each.row.floor:g}"
    names = (each.ours.name, each.theirs.name)
    ours, theirs = rate(each.ours), rate(each.theirs)
    load = LOADS[each.row.client]
    return (
        each.row.name,
        load,
        names[0],
        ours,
        names[1],
        theirs,
        ratio,
        spread,
        floor,
        each.verdict,
    )


def rate(standing: Standing) -> str:
    """`15,200`, or `fails`."""
    return f"{standing.rate_per_s:,.0f}" if standing.rate_per_s is not None else "fails"


def _sides(compared: Sequence[Comparison]) -> str:
    """Rows in which sides had to choose: all that were tried."""
    lines = []
    for each in compared:
        if each.others:
            tried = sorted(
                (each.ours, each.theirs, *each.others), key=lambda side: -(side.rate_per_s or 0)
            )
            told = "; ".join(f"{side.name}: {rate(side)}" for side in tried)
            lines.append(f"- `{each.row.name}` tried: {told}.")
    return "\n".join(lines)


def _faults(compared: Sequence[Comparison]) -> str:
    """What went wrong, by side, with how often."""
    lines = []
    for each in compared:
        for side in (each.ours, each.theirs, *each.others):
            for fault in dict.fromkeys(side.faults):
                times = f"{side.faults.count(fault)} of {len(side.rates)} runs"
                lines.append(f"- `{each.row.name}`, {side.name}, {times}: {fault}")
    return "\n".join(lines) or "Nothing."
