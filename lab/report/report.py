"""The report of a run, from its files alone, as often as wanted.

Verdicts and statistics are made when it is made, so that a better rule also judges older runs. What
people read is made of it by `report_files` and by `page`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lab.analysis import found_rate, sittings
from lab.analysis.by_cell import cells
from lab.analysis.cells import Cell
from lab.analysis.found_rate import SearchRecord
from lab.analysis.rankings import Ranking, rankings
from lab.analysis.result import Result, all_of, summary
from lab.records import ceiling, noise_floor
from lab.records.manifest import Manifest, not_attempted
from lab.records.noise_floor import By
from lab.records.run_folder import RunFolder
from lab.records.step import describe_step
from lab.report import doubts, legend, load_hosts
from lab.report.answer import answer


@dataclass(frozen=True)
class Report:
    """A run as it was found on the disk. `noise_floors`: this host's, as shares of the figures.
    `search`: what an adaptive run has found."""

    manifest: Manifest
    results: Sequence[Result]
    noise_floors: Mapping[By, float] = field(default_factory=dict)
    search: SearchRecord | None = None

    @cached_property
    def cells(self) -> list[Cell]:
        return cells(self.results, self.manifest.models, self.manifest.variants)

    @cached_property
    def rankings(self) -> list[Ranking]:
        return rankings(self.cells, self.noise_floors, self.manifest.seed)

    @cached_property
    def answer(self) -> list[str]:
        """What came out, in a few sentences."""
        return answer(self.cells, self.rankings, self.search)

    @property
    def missing(self) -> int:
        """Trials of the plan that were never finished."""
        return len(self.manifest.plan) - len(self.results)

    @property
    def bad(self) -> list[Result]:
        """Trials that failed the run. A search errs on purpose, to find where that begins."""
        tolerated = ("valid", "erroring") if self.manifest.adaptive else ("valid",)
        return [result for result in self.results if result.judgement.verdict not in tolerated]

    @property
    def shortfall(self) -> list[str]:
        """What the run promised and does not hold; empty for a good one."""
        lines = []
        if self.missing and self.manifest.state != "paused":
            why = f": {self.manifest.why}" if self.manifest.why else ""
            planned = len(self.manifest.plan)
            lines.append(f"{self.missing} of {planned} trials were not run to their end{why}")
        for result in self.bad:
            number, model = result.server.number, result.server.model
            step = describe_step(result.server.users, result.server.rate_rps)
            lines.append(f"trial {number} ({model}, {step}): {summary(result)}")
        return lines

    @cached_property
    def sittings(self) -> int:
        """How many there were."""
        return max(sittings.numbered(each.server for each in self.results).values(), default=0)

    @property
    def spins_us(self) -> list[float]:
        """How fast the host was before each trial, as far as it was timed."""
        return [us for each in self.results if (us := each.server.settling.spin_us)]

    @property
    def doubts(self) -> list[str]:
        """What qualifies the figures, the weightiest first. Trials that failed the run are told by
        `shortfall`."""
        return [
            *legend.paused(self.manifest, self.missing),
            *doubts.in_words(
                [cell for cell in self.cells if self.manifest.adaptive or cell.verdict == "valid"]
            ),
            *not_attempted(self.manifest.not_attempted),
        ]

    @property
    def reading(self) -> list[str]:
        """What must be known to read it."""
        return [
            *legend.trials(self.cells),
            *legend.ranks(self.rankings, self.noise_floors),
            *legend.speeds(self.spins_us),
            *load_hosts.lines(self.manifest, self.results),
            *legend.sittings(self.manifest, self.sittings),
            *legend.reading(self.cells, self.manifest),
        ]

    @property
    def notes(self) -> list[str]:
        """What stands below the table, the weightiest first."""
        lasted = legend.lasted([result.server for result in self.results])
        return [*self.shortfall, *self.doubts, *self.reading, *lasted]


def load(folder: RunFolder, results: Path | None = None) -> Report:
    """LabError where the folder holds no run.

    What is known of the host, its noise floor and the generator's ceilings, is looked for in
    `results`, then beside the run's own files, where a published one keeps it.
    """
    manifest = folder.manifest()
    places = (results, folder.path) if results else (folder.path,)
    noise = (found for place in places if (found := noise_floor.read(place, manifest)))
    floors = next((found.floors for found in noise), {})
    trials = all_of(folder, ceiling.known(manifest, places))
    return Report(manifest, trials, floors, found_rate.read(folder))
