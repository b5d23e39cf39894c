"""What a benchmark is to the runner and to the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from benchmarks.claim import Judged
from benchmarks.inside.measured import Measured
from benchmarks.record import Record
from lab.plan.topology import Image

Trials = Callable[[Path, Console], Iterator[Measured]]


@dataclass(frozen=True)
class Benchmark:
    """`inside`: the rows that the container measures; `trials`: those that are trials of the lab.

    `judge`, `table` (for a terminal) and `values` (of the template's places) are made of a record.
    """

    name: str  # of its folder here, and of the folder at the root whose sources it measures
    target: str  # of make
    document: str  # docs/DOCUMENT.md and .json
    image: Image
    built_on: Image
    seconds: int  # of a measurement, where nobody says
    inside: tuple[str, ...]
    judge: Callable[[Record], Sequence[Judged]]
    table: Callable[[Record], str]
    values: Callable[[Record], Mapping[str, str]]
    trials: Mapping[str, Trials] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[str, ...]:
        return (*self.inside, *self.trials)

    @property
    def command(self) -> str:
        return f"make {self.target}"

    @property
    def template(self) -> str:
        return f"benchmarks/{self.name}/{self.document}.md.in"

    @property
    def page(self) -> str:
        return f"docs/{self.document}.md"

    @property
    def record(self) -> str:
        return f"docs/{self.document}.json"
