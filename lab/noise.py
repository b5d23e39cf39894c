"""The noise floor: how large a difference this host makes out of nothing; kept by scenario.

Known from an A/A run, in which one image runs under two names. Each pair's ratio ought to be one,
of throughputs, or of the times that rank in an open loop; how far its interval reaches from one,
at the median over the pairs, is the floor. A gap within it is a tie, whatever a test says of it.
Pairs that rank make the floor, as long as there are any: what a generator at its limit repeats
says little of servers. It holds for this scenario on this host and this way in, and is forgotten
where any of them has changed.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Literal

from pydantic import ValidationError

from lab import durable
from lab.manifest import Manifest
from lab.plan import load
from lab.record import Frozen
from lab.report import Report
from lab.standing import ranked_by
from lab.statistics.ranking import FEWEST_BLOCKS, SURPRISING
from lab.statistics.ratio import paired_ratio

TWIN = "-again"  # what the second name ends in
FOLDER = "noise"


class Pair(Frozen):
    """One model at one step, against itself."""

    model: str
    users: int
    rate_rps: float | None
    ratio: float
    low: float
    high: float
    p: float
    ranked: bool = True  # both had figures by which models are ranked

    @property
    def claimed(self) -> bool:
        """Whether a difference would have been claimed, were there no floor."""
        return self.p < SURPRISING and not self.low <= 1.0 <= self.high

    @property
    def reach(self) -> float:
        return max(abs(self.low - 1.0), abs(self.high - 1.0))


class NoiseRecord(Frozen):
    """results/noise/SCENARIO-PATH.json"""

    format: Literal[1] = 1
    run: str
    at: str
    cpu_model: str | None
    cpus: int
    kernel: str
    scenario_sha256: str
    path: str
    floor: float
    pairs: tuple[Pair, ...]

    def belongs_to(self, manifest: Manifest) -> bool:
        host = manifest.host
        return (self.cpu_model, self.cpus, self.kernel, self.scenario_sha256, self.path) == (
            host.cpu_model,
            host.cpus,
            host.kernel,
            manifest.scenario.sha256,
            manifest.path,
        )


def pairs(report: Report) -> list[Pair]:
    """Of an A/A run; those that are not valid, or have too few blocks, are left out."""
    cells = {(cell.model, cell.step): cell for cell in report.cells}
    found = []
    for (model, step), cell in cells.items():
        twin = cells.get((model + TWIN, step))
        if twin is None or not cell.verdict == twin.verdict == "valid":
            continue
        one, other = ranked_by(cell), ranked_by(twin)
        ranked = one is not None and other is not None
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
        floor=round(median(pair.reach for pair in ranked or found), 4),
        pairs=tuple(found),
    )


def write(results: Path, scenario: str, found: NoiseRecord) -> None:
    """LabError where it cannot be written."""
    place = _place(results, scenario, found.path)
    try:
        place.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise durable.refused(place.parent, error) from error
    durable.write(place, found.model_dump_json(indent=2) + "\n")


def floor(results: Path, manifest: Manifest) -> float | None:
    """Of the host, scenario and way in of a run; None where nobody measured it."""
    place = _place(results, manifest.scenario.name, manifest.path)
    try:
        found = NoiseRecord.model_validate_json(place.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None
    return found.floor if found.belongs_to(manifest) else None


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


def _place(results: Path, scenario: str, path: str) -> Path:
    return results / FOLDER / f"{scenario}-{path}.json"
