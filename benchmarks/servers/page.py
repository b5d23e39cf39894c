"""What the page of the servers shows of a record. Places: @TABLE@ @SIDES@ @FAULTS@"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks import page
from benchmarks.record import Record
from benchmarks.servers.comparison import Comparison, Standing, comparisons
from benchmarks.servers.inside.rows import CONCURRENCY, CONNECTIONS

LOADS = {
    "ab": f"fresh (ab -c{CONCURRENCY})",
    "wrk": f"kept (wrk -c{CONNECTIONS})",
}
COLUMNS = (
    "row", "load", "ours", "requests/s", "theirs", "requests/s", "ratio", "min to max", "floor", "",
)  # fmt: skip


def values(record: Record) -> dict[str, str]:
    """Of the template's places."""
    compared = comparisons(record.figures)
    return {
        "TABLE": table(record, "pipe"),
        "SIDES": "\n".join(_sides(compared)),
        "FAULTS": page.listed(_faults(compared)),
    }


def table(record: Record, style: str = "simple") -> str:
    """A line for each row that was measured."""
    return page.table(COLUMNS, [_cells(each) for each in comparisons(record.figures)], style)


def _cells(each: Comparison) -> tuple[str, ...]:
    ratio = each.ratio
    return (
        each.row.name,
        LOADS[each.row.client],
        *(text for side in (each.ours, each.theirs) for text in (side.name, _rate(side))),
        "-" if ratio.value is None else f"{ratio.value:.2f}",
        ratio.spread,
        f"{each.row.floor:g}",
        ratio.verdict,
    )


def _rate(standing: Standing) -> str:
    """`15,200`, or `fails`."""
    return f"{standing.rate_per_s:,.0f}" if standing.rate_per_s is not None else "fails"


def _sides(compared: Sequence[Comparison]) -> Iterator[str]:
    """Rows in which sides had to choose: all that were tried."""
    for each in compared:
        if each.others:
            tried = sorted(
                (each.ours, each.theirs, *each.others), key=lambda side: -(side.rate_per_s or 0)
            )
            told = "; ".join(f"{side.name}: {_rate(side)}" for side in tried)
            yield f"- `{each.row.name}` tried: {told}."


def _faults(compared: Sequence[Comparison]) -> Iterator[str]:
    """What went wrong, by side, with how often."""
    for each in compared:
        for side in (each.ours, each.theirs, *each.others):
            for fault in dict.fromkeys(side.faults):
                times = f"{side.faults.count(fault)} of {side.runs} runs"
                yield f"`{each.row.name}`, {side.name}, {times}: {fault}"
