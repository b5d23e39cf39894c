"""What the page shows: figures and words, no drawing. Filled from a report by `gather`.

Everything behind this file sees a `View` and the cells in it, and nothing else of the lab. What a
run did not measure is None or empty; the page then says so in place of the plot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from lab.analysis.cells import Cell
from lab.report.page.curve import Point
from lab.report.page.facts import Fact
from lab.report.page.seconds import Moment

MANY = 0.01
PERCENTILES = (50.0, 90.0, 99.0, 99.9, 99.99)


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: how hard the load was."""

    users: int
    rate_rps: float | None
    label: str

    @property
    def height(self) -> float:
        """Where it stands on the ladder's axis."""
        return float(self.users) if self.rate_rps is None else self.rate_rps


@dataclass(frozen=True)
class Trial:
    number: int
    block: int
    model: str
    step: Step
    throughput_rps: float | None
    p99_us: int | None
    sound: bool  # valid, and limited by the server: a filled dot
    verdict: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A cell, and what is drawn of all its trials together."""

    cell: Cell
    step: Step
    percentiles_us: tuple[int | None, ...]  # at PERCENTILES
    curve: tuple[Point, ...]
    cpu_user_us: float | None  # of an answer
    cpu_system_us: float | None
    sound: bool
    moments: tuple[Moment, ...]

    @property
    def model(self) -> str:
        return self.cell.model

    @property
    def at_least(self) -> bool:
        """Its throughput is a lower bound."""
        return self.cell.verdict == "valid" and self.cell.rate_rps is None and not self.cell.ranks

    @property
    def leaves_many(self) -> bool:
        """So many users without an answer that the times of the others are not the model's."""
        return self.cell.unanswered > MANY * self.step.users


Joined = tuple[tuple[str, ...], ...]  # groups of models, no two of a group being apart


@dataclass(frozen=True)
class Table:
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class View:
    run: str
    about: str
    answer: tuple[str, ...]  # what came out, in sentences
    summary: tuple[str, ...]  # the run in a few words
    load: Literal["closed", "open"]
    models: tuple[str, ...]
    steps: tuple[Step, ...]  # rising; those on which a trial measured anything
    groups: tuple[Group, ...]
    trials: tuple[Trial, ...]
    cells: Table  # the chief columns
    every_column: Table
    orders: Mapping[str, Joined]  # step's label -> who is not apart, by throughput
    search: tuple[str, ...]  # what a search has found, in lines
    objective_ms: float | None  # of a search
    bends: tuple[tuple[str, str], ...]  # of a ladder: model -> where it bends, and why
    pairs: Table  # of models, with their ratios; empty where nothing ranks
    notes: tuple[str, ...]  # why figures of the table are not to be trusted
    legend: tuple[str, ...]  # what must be known to read it
    shortfall: tuple[str, ...]
    sentences: tuple[tuple[str, str], ...]  # model -> why it came out so, all steps in one text
    spread: str  # what an interval is
    host: tuple[Fact, ...]
    origin: tuple[Fact, ...]
    command: str
    scenario: str  # its text

    @cached_property
    def busiest(self) -> Step | None:
        """The step that plots of one step show first."""
        return self.steps[-1] if self.steps else None

    def best_first(self, step: Step | None) -> list[str]:
        """All models by what they did at a step; those without a figure last."""
        rates = {g.model: g.cell.throughput_rps or 0.0 for g in self.groups if g.step == step}
        return sorted(self.models, key=lambda model: -rates.get(model, -1.0))
