"""Noise: how large a difference this host makes out of nothing, from an A/A run.

One image runs under two names. Each pair's ratio ought to be one, of every figure that ranks; how
far its interval reaches from one, at the median over the pairs, is the floor of that figure. A gap
within it is no difference, whatever a test says of it. Pairs that rank make the floor, as long as
there are any: what a generator at its limit repeats says little of servers.
"""

from __future__ import annotations

from statistics import median

from lab.analysis.cells import Cell
from lab.analysis.rankings import BY_OF_A_LOOP, is_its_own, ranked_by
from lab.records.noise_floor import By, NoiseRecord, Pair, in_words
from lab.records.step import describe_step
from lab.report.report import Report
from lab.statistics.ranking import FEWEST_BLOCKS, SURPRISING
from lab.statistics.ratio import paired_ratio

TWIN = "-again"  # what the second name ends in


def pairs(report: Report) -> list[Pair]:
    """Of an A/A run; those that are not valid, or have too few blocks, are left out."""
    cells = {(cell.model, cell.step): cell for cell in report.cells}
    found = []
    for (model, step), cell in cells.items():
        twin = cells.get((model + TWIN, step))
        if twin is None or not cell.verdict == twin.verdict == "valid":
            continue
        for by in BY_OF_A_LOOP[step[1] is not None]:
            pair = _pair(cell, twin, by, report.manifest.seed)
            found += [pair] if pair else []
    return found


def _pair(cell: Cell, twin: Cell, by: By, seed: int) -> Pair | None:
    one, other = ranked_by(cell, by), ranked_by(twin, by)
    if one is None or other is None:
        return None
    ratio = paired_ratio(one, other, seed)
    if ratio is None or ratio.blocks < FEWEST_BLOCKS:
        return None
    span = ratio.interval
    return Pair(
        model=cell.model,
        users=cell.step[0],
        rate_rps=cell.step[1],
        by=by,
        ratio=span.mid,
        low=span.low,
        high=span.high,
        p=ratio.p,
        ranked=is_its_own(cell, by) and is_its_own(twin, by),
    )


def claimed(pair: Pair) -> bool:
    """Whether a difference would have been claimed, were there no floor."""
    return pair.p < SURPRISING and not pair.low <= 1.0 <= pair.high


def record(report: Report, found: list[Pair]) -> NoiseRecord:
    manifest = report.manifest
    return NoiseRecord(
        run=manifest.run,
        at=manifest.created_at,
        cpu_model=manifest.host.cpu_model,
        cpus=manifest.host.cpus,
        kernel=manifest.host.kernel,
        scenario_sha256=manifest.scenario.sha256,
        path=manifest.path,
        receive=manifest.receive,
        floors={
            by: _floor([pair for pair in found if pair.by == by])
            for by in dict.fromkeys(pair.by for pair in found)
        },
        pairs=tuple(found),
    )


def _floor(found: list[Pair]) -> float:
    ranked = [pair for pair in found if pair.ranked]
    return round(median(pair.reach for pair in ranked or found), 4)


def lines(found: NoiseRecord) -> list[str]:
    """For people."""
    told = [
        f"{pair.model} against itself, {describe_step(pair.users, pair.rate_rps)}, by {pair.by}:"
        f" {pair.ratio:.3f} [{pair.low:.3f}, {pair.high:.3f}], p {pair.p:.2g}"
        f"{': would have been claimed a difference' if claimed(pair) else ''}"
        for pair in found.pairs
    ]
    many_claimed = sum(claimed(pair) for pair in found.pairs)
    many = len(found.pairs)
    told.append(
        f"{many_claimed} of {many} pairs would have been claimed to differ by chance;"
        f" noise floor {in_words(found.floors)}"
    )
    return told
