"""Two runs laid beside each other, cell by cell: ratios with intervals.

Their blocks have nothing in common, so each cell is compared by itself: by its sittings, where one
of the runs has enough of them to tell how this host changes from one to the next; else by medians,
each drawn again on its own, and that interval knows nothing of such changes.
A difference is claimed as within a run: where the interval excludes one, the gap exceeds the noise
floor, and p is below 0.05 after Holm's correction over all cells. `rankings` within one run is the
stronger witness: it compares what met the same minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import yaml
from tabulate import tabulate

from lab.analysis.cells import Cell, Step
from lab.analysis.differences import differences, variables
from lab.analysis.thresholds import EVEN_SPEED
from lab.figure import NOTHING, counted, figure
from lab.plan.topology import KNOB
from lab.records.manifest import Manifest
from lab.records.step import describe_step
from lab.report.report import Report
from lab.statistics.interval import Interval
from lab.statistics.ranking import Doubt, doubt
from lab.statistics.ratio import (
    FEWEST_SITTINGS,
    Ratio,
    adjusted,
    ratio_of_medians,
    ratio_of_sittings,
)

Verdict = Literal["differs", "too few good trials"] | Doubt


@dataclass(frozen=True)
class CellComparison:
    """One cell in both runs. `ratio`: the second's throughput by the first's; None where a run has
    too few trials that are not invalid. `verdict`: that it differs, or what this lacks."""

    model: str
    step: Step
    first_rps: float | None
    second_rps: float | None
    ratio: Interval | None
    verdict: Verdict


def different_things(first: Manifest, second: Manifest) -> list[str]:
    """Why figures of the two cannot stand side by side; empty where they can."""
    pairs = (
        ("path", first.path, second.path),
        ("load hosts", len(first.load_hosts), len(second.load_hosts)),
        ("receive", first.receive, second.receive),
        ("connection", first.connection, second.connection),
        ("loop", first.loop, second.loop),
        ("load workers", first.load_workers, second.load_workers),
    )
    apart = [f"{name}: {one} and {other}" for name, one, other in pairs if one != other]
    if first.scenario.sha256 == second.scenario.sha256:
        return apart
    keys = _keys(first, second)
    if keys == ["server"] and one_setting(first, second):
        return apart  # what it does is what the comparison shows
    return [f"scenario text: {', '.join(keys) or 'its words alone'}", *apart]


def one_setting(first: Manifest, second: Manifest) -> str | None:
    """The only setting of the servers in which the runs differ, with both values, in words."""
    then, now = (
        {name: value for name, value in known.items() if name.startswith(KNOB)}
        for known in (variables(each, first, second) for each in (first, second))
    )
    apart = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    if len(apart) != 1:
        return None
    before, after = (each.get(apart[0], "default") for each in (then, now))
    return f"{apart[0].removeprefix(KNOB).lower()}: {before} then, {after} now"


def _keys(first: Manifest, second: Manifest) -> list[str]:
    """In which the two scenarios differ; those that were left out have their defaults."""
    one, other = (yaml.safe_load(each.scenario.text) or {} for each in (first, second))
    return [key for key in dict.fromkeys([*one, *other]) if one.get(key) != other.get(key)]


def changed(first: Report, second: Report) -> list[str]:
    """What differs in hosts, images and settings, each in a line."""
    return differences(first.manifest, second.manifest) + _hosts_speed(first, second)


def _hosts_speed(first: Report, second: Report) -> list[str]:
    """Whether the host was as fast in both runs, where it was not and both tell."""
    if not (first.spins_us and second.spins_us):
        return []
    speed = median(first.spins_us) / median(second.spins_us)
    if EVEN_SPEED <= speed <= 1 / EVEN_SPEED:
        return []
    return [f"the host's CPUs were {speed:.2f} times as fast in the second run"]


def basis(first: Report, second: Report) -> str:
    """What the intervals of the ratios know, in words."""
    sat = f"measured in {counted(first.sittings, 'sitting')}, and in {second.sittings}"
    if max(first.sittings, second.sittings) < FEWEST_SITTINGS:
        return (
            f"{sat}: the intervals know how trials differ, and not how one hour does from another"
        )
    return f"{sat}: the intervals know how sittings differ"


def reach(found: Sequence[CellComparison]) -> list[str]:
    """How little the least certain cell says, in words; nothing where none has a ratio."""
    spans = [(each.ratio, each.model) for each in found if each.ratio is not None]
    if not spans:
        return []
    span, model = max(spans, key=lambda pair: pair[0].high / pair[0].low)
    return [f"least is known of {model}: anything from {span.low:.2f} to {span.high:.2f} times"]


def compare_cells(first: Report, second: Report) -> list[CellComparison]:
    """Of the cells that both runs have, in the first one's order."""
    others = {(cell.model, cell.step): cell for cell in second.cells}
    pairs = [
        (cell, other)
        for cell in first.cells
        if (other := others.get((cell.model, cell.step))) is not None
    ]
    ratios = [_ratio(*pair, first.manifest.seed) for pair in pairs]
    floor = noise_floor(first, second)
    return [
        _likeness(*pair, ratio, p_adjusted, floor)
        for pair, ratio, p_adjusted in zip(pairs, ratios, adjusted(ratios), strict=True)
    ]


def noise_floor(first: Report, second: Report) -> float:
    """The larger of the two, of throughputs."""
    return max(each.noise_floors.get("throughput", 0.0) for each in (first, second))


def _likeness(
    first: Cell, second: Cell, ratio: Ratio | None, p_adjusted: float, floor: float
) -> CellComparison:
    rates = first.throughput_rps, second.throughput_rps
    if ratio is None:
        return CellComparison(first.model, first.step, *rates, None, "too few good trials")
    verdict = doubt(ratio, p_adjusted, floor) or "differs"
    return CellComparison(first.model, first.step, *rates, ratio.interval, verdict)


def _ratio(first: Cell, second: Cell, seed: int) -> Ratio | None:
    if "invalid" in (first.verdict, second.verdict):
        return None
    after, before = second.throughputs.values(), first.throughputs.values()
    return ratio_of_sittings(second.sittings, first.sittings) or ratio_of_medians(
        list(after), list(before), seed
    )


def lines(first: Report, second: Report, found: Sequence[CellComparison]) -> list[str]:
    """The table, and how much its intervals know."""
    return ["", table(found), "", basis(first, second), *reach(found)]


def table(found: Sequence[CellComparison]) -> str:
    rows = [
        [
            each.model,
            describe_step(*each.step),
            figure(each.first_rps),
            figure(each.second_rps),
            f"{each.ratio.mid:.3f}" if each.ratio else NOTHING,
            f"{each.ratio.low:.3f} - {each.ratio.high:.3f}" if each.ratio else NOTHING,
            each.verdict,
        ]
        for each in found
    ]
    heads = ["model", "load", "first/s", "second/s", "second / first", "95 % interval", ""]
    align = ["left", "left", *["right"] * 4, "left"]
    return tabulate(rows, heads, disable_numparse=True, colalign=align if rows else None)


def promised(report: Report) -> list[str]:
    """The cells of a run that another one can reproduce, in words: those that show a figure."""
    return [
        f"{cell.model}, {describe_step(*cell.step)}"
        for cell in report.cells
        if cell.throughput is not None and cell.verdict != "invalid"
    ]
