"""The table and the page: a record and the template's prose in, Markdown out. Pure.

The template (loadgen.md.in) is prose with places for what is measured:
    @TABLE@ @MISSED@ @COSTS@ @STALL@ @LAG@ @FAULTS@ @HOST@ @COMMAND@ @PAIRS@ @SECONDS@ @DATE@
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from tabulate import tabulate

from generator.claim import Judged, by_side
from generator.claims import analytic_s, judge
from generator.inside.events import Measured
from generator.inside.sides import ROWS
from generator.record import Record

PAGE, RECORD = "docs/loadgen.md", "docs/loadgen.json"
TEMPLATE = "generator/loadgen.md.in"
NOTICE = "<!-- Made by `make generator` from generator/loadgen.md.in; do not edit here. -->\n"
COLUMNS = ("row", "measure", "measured", "least to greatest", "floor", "")
COSTS = ("client_user_us", "client_system_us", "server_user_us", "server_system_us")
STALLED_PERCENTS = (50, 90, 95, 99)


def render(record: Record, template: str) -> str:
    """The page."""
    judged = judge(record.figures, record.pairs)
    values = {
        "TABLE": table(judged, "pipe"),
        "MISSED": _missed(judged),
        "COSTS": costs(record, "pipe"),
        "STALL": _stall(record.figures),
        "LAG": _lag(record),
        "FAULTS": _faults(record.figures),
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


def table(judged: Sequence[Judged], style: str = "simple") -> str:
    """What was measured, the floor, the verdict."""
    lines = []
    for each in judged:
        claim = each.claim
        spread = "-"
        if len(each.values) > 1:
            ends = (min(each.values), max(each.values))
            spread = " to ".join(map(claim.form.format, ends))
        measured = "-" if each.value is None else claim.form.format(each.value)
        bound = f"{'at most' if claim.at_most else 'at least'} {claim.form.format(claim.bound)}"
        lines.append((claim.row, claim.measure, measured, spread, bound, each.verdict))
    return tabulate(lines, headers=COLUMNS, tablefmt=style, disable_numparse=True)


def costs(record: Record, style: str = "simple") -> str:
    """CPU of one request on both sides, and how long the worker waited for its own: medians."""
    lines = []
    for row, side in dict.fromkeys((each.row, each.side) for each in record.figures):
        good = [each.values for each in by_side(row, record.figures)[side].values() if each.good]
        if good and COSTS[0] in good[0]:
            rate, *each = (median(found[name] for found in good) for name in ("rate_per_s", *COSTS))
            waited = "-"
            if "run_delay_s" in good[0]:
                per_s = median(found["run_delay_s"] for found in good) / lasts_s(row, side, record)
                waited = f"{per_s * 1000:.1f}"
            lines.append((row, side, f"{rate:,.0f}", *(f"{cost:.1f}" for cost in each), waited))
    names = (name[: -len("_us")].replace("_", " ") for name in COSTS)
    headers = ("row", "side", "requests/s", *names, "waited, ms/s")
    return tabulate(lines, headers=headers, tablefmt=style, disable_numparse=True)


def lasts_s(row: str, side: str, record: Record) -> int:
    """A side's window."""
    [found] = [
        each
        for measured in ROWS
        if measured.name == row
        for each in measured.sides
        if each.name == side
    ]
    return found.seconds or record.seconds


def _missed(judged: Sequence[Judged]) -> str:
    """The claims that do not hold."""
    return (
        "\n".join(
            f"- `{each.claim.row}`, {each.claim.measure}: {each.verdict}."
            for each in judged
            if each.verdict != "pass"
        )
        or "Nothing."
    )


def _stall(figures: Sequence[Measured]) -> str:
    """Percentiles as they must be, as the open loop saw them, and as they look elsewhere."""
    rounds = by_side("stall", figures)
    sides = {
        side: [each.values for each in rounds.get(side, {}).values() if each.good]
        for side in ("open", "closed")
    }
    if not all(sides.values()):
        return "Not measured."

    def seen(side: str, name: str) -> str:
        return f"{median(values[name] for values in sides[side]) / 1e6:.3f}"

    service_s = median(values["service_p50_us"] for values in sides["open"]) / 1e6
    lines = [
        (
            f"p{percent}",
            f"{analytic_s(percent, service_s):.3f}",
            seen("open", f"response_p{percent}_us"),
            seen("open", f"service_p{percent}_us"),
            seen("closed", f"response_p{percent}_us"),
        )
        for percent in STALLED_PERCENTS
    ]
    headers = ("s", "by arithmetic", "open loop: response", "its service time", "closed loop")
    return tabulate(lines, headers=headers, tablefmt="pipe", disable_numparse=True)


def _lag(record: Record) -> str:
    """Send lag round by round, beside the time for which the worker's CPU was not its own."""
    rounds = by_side("rate", record.figures).get("engine", {})
    lines = [
        (
            f"{each.values['run_delay_s'] / lasts_s('rate', 'engine', record) * 1000:.1f}",
            f"{each.values['send_lag_p50_us']:.0f}",
            f"{each.values['send_lag_p99_us']:.0f}",
        )
        for each in rounds.values()
        if each.good and "run_delay_s" in each.values
    ]
    lines.sort(key=lambda line: float(line[0]))
    headers = ("waited, ms/s", "send lag p50, us", "p99, us")
    return tabulate(lines, headers=headers, tablefmt="pipe", disable_numparse=True)


def _faults(figures: Sequence[Measured]) -> str:
    """What went wrong, and remarks, by side and round."""
    return (
        "\n".join(
            f"- `{each.row}`, {each.side}, round {each.round}: {text}"
            for each in figures
            for text in (each.faults, each.remark)
            if text
        )
        or "Nothing."
    )
