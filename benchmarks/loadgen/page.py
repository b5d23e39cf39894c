"""What the page of the load engine shows of a record.

Places: @TABLE@ @MISSED@ @COSTS@ @STALL@ @LAG@ @FAULTS@
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks import page
from benchmarks.claim import Judged, by_side, typical
from benchmarks.inside.measured import RATE, Measured
from benchmarks.loadgen.claims import analytic_s, judge
from benchmarks.loadgen.inside.sides import ROWS
from benchmarks.record import Record

COLUMNS = ("row", "measure", "measured", "least to greatest", "floor", "")
COSTS = ("client_user_us", "client_system_us", "server_user_us", "server_system_us")
STALLED_PERCENTS = (50, 90, 95, 99)


def values(record: Record) -> dict[str, str]:
    """Of the template's places."""
    judged = judge(record.figures, record.pairs)
    return {
        "TABLE": table(judged, "pipe"),
        "MISSED": page.listed(
            f"`{each.claim.row}`, {each.claim.measure}: {each.verdict}."
            for each in judged
            if each.verdict != "pass"
        ),
        "COSTS": costs(record, "pipe"),
        "STALL": _stall(record.figures),
        "LAG": _lag(record),
        "FAULTS": page.listed(
            f"`{each.row}`, {each.side}, round {each.round}: {text}"
            for each in record.figures
            for text in (each.faults, each.remark)
            if text
        ),
    }


def tables(record: Record) -> str:
    """What a terminal shows."""
    return f"{table(judge(record.figures, record.pairs))}\n\n{costs(record)}"


def table(judged: Sequence[Judged], style: str = "simple") -> str:
    """What was measured, the floor, the verdict."""
    lines = []
    for each in judged:
        claim = each.claim
        spread = each.spread if len(each.values) > 1 else "-"
        measured = "-" if each.value is None else claim.form.format(each.value)
        bound = f"{'at most' if claim.at_most else 'at least'} {claim.form.format(claim.bound)}"
        lines.append((claim.row, claim.measure, measured, spread, bound, each.verdict))
    return page.table(COLUMNS, lines, style)


def costs(record: Record, style: str = "simple") -> str:
    """CPU of one request on both sides, and how long the worker waited for its own: medians."""
    lines = []
    for row, side in dict.fromkeys((each.row, each.side) for each in record.figures):
        good = [each.values for each in by_side(row, record.figures)[side].values() if each.good]
        if good and COSTS[0] in good[0]:
            rate, *each = (median(found[name] for found in good) for name in (RATE, *COSTS))
            waited = "-"
            if "run_delay_s" in good[0]:
                waited = _per_s(median(found["run_delay_s"] for found in good), row, side, record)
            lines.append((row, side, f"{rate:,.0f}", *(f"{cost:.1f}" for cost in each), waited))
    names = (name[: -len("_us")].replace("_", " ") for name in COSTS)
    return page.table(("row", "side", "requests/s", *names, "waited, ms/s"), lines, style)


def _per_s(waited_s: float, row: str, side: str, record: Record) -> str:
    """In milliseconds a second of the side's window."""
    [lasts_s] = [
        each.seconds or record.seconds
        for measured in ROWS
        for each in measured.sides
        if (measured.name, each.name) == (row, side)
    ]
    return f"{waited_s / lasts_s * 1000:.1f}"


def _stall(figures: Sequence[Measured]) -> str:
    """Percentiles as they must be, as the open loop saw them, and as they look elsewhere."""
    rounds = by_side("stall", figures)
    service_us = typical(rounds, "open", "service_p50_us")
    if service_us is None or typical(rounds, "closed", RATE) is None:
        return "Not measured."

    def seen(side: str, name: str) -> str:
        return f"{(typical(rounds, side, name) or 0) / 1e6:.3f}"

    lines = [
        (
            f"p{percent}",
            f"{analytic_s(percent, service_us / 1e6):.3f}",
            seen("open", f"response_p{percent}_us"),
            seen("open", f"service_p{percent}_us"),
            seen("closed", f"response_p{percent}_us"),
        )
        for percent in STALLED_PERCENTS
    ]
    headers = ("s", "by arithmetic", "open loop: response", "its service time", "closed loop")
    return page.table(headers, lines, "pipe")


def _lag(record: Record) -> str:
    """Send lag round by round, beside the time for which the worker's CPU was not its own."""
    lines = [
        (
            _per_s(each.values["run_delay_s"], "rate", "engine", record),
            f"{each.values['send_lag_p50_us']:.0f}",
            f"{each.values['send_lag_p99_us']:.0f}",
        )
        for each in by_side("rate", record.figures).get("engine", {}).values()
        if each.good and "run_delay_s" in each.values
    ]
    lines.sort(key=lambda line: float(line[0]))
    return page.table(("waited, ms/s", "send lag p50, us", "p99, us"), lines, "pipe")
