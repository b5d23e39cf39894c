"""Noise: how large a difference this host makes out of nothing, from an A/A run. Pure.

One image runs under two names. Each pair's ratio ought to be one, of throughputs, or of the times
that rank in an open loop; how far its interval reaches from one, at the median over the pairs, is
the floor. A gap within it is a tie, whatever a test says of it. Pairs that rank make the floor, as
long as there are any: what a generator at its limit repeats says little of servers.
"""

from __future__ import annotations

from statistics import median

from lab.noise_floor import NoiseRecord, Pair
from lab.plan import load
from lab.rankings import BY_OF_A_LOOP, is_its_own, ranked_by
from lab.report import Report
from lab.statistics.ranking import FEWEST_BLOCKS
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
        by = BY_OF_A_LOOP[step[1] is not None][0]
        one, other = ranked_by(cell, by), ranked_by(twin, by)
        ranked = bool(one and other) and is_its_own(cell, by) and is_its_own(twin, by)
        if one is None or other is None:
            one, other = cell.throughputs, twin.throughputs
        ratio = paired_ratio(one, other, report.manifest.seed)
        if ratio and ratio.blocks >= FEWEST_BLOCKS:
            span = ratio.interval
            found.append(
                Pair(
                    model=model,
                    users=step[0],
                    rate_rps=step[1],
                    ratio=span.mid,
                    low=span.low,
                    high=span.high,
                    p=ratio.p,
                    ranked=ranked,
                )
            )
    return found


def record(report: Report, found: list[Pair]) -> NoiseRecord:
    manifest = report.manifest
    ranked = [pair for pair in found if pair.ranked]
    return NoiseRecord(
        run=manifest.run,
        at=manifest.created_at,
        cpu_model=manifest.host.cpu_model,
        cpus=manifest.host.cpus,
        kernel=manifest.host.kernel,
        scenario_sha256=manifest.scenario.sha256,
        path=manifest.path,
        receive=manifest.receive,
        floor=round(median(pair.reach for pair in ranked or found), 4),
        pairs=tuple(found),
    )


def lines(found: NoiseRecord) -> list[str]:
    """For people."""
    told = [
        f"{pair.model} against itself, {load(pair.users, pair.rate_rps)}:"
        f" {pair.ratio:.3f} [{pair.low:.3f}, {pair.high:.3f}], p {pair.p:.2g}"
        f"{': would have been claimed a difference' if pair.claimed else ''}"
        for pair in found.pairs
    ]
    claimed = sum(pair.claimed for pair in found.pairs)
    many = len(found.pairs)
    told.append(
        f"{claimed} of {many} pairs would have been claimed to differ by chance;"
        f" noise floor {found.floor:.1%}"
    )
    return told
