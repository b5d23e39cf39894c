"""One run of a benchmark: the container's rows, then the lab's own trials, table and page.

A run is whole where it had every row and at least 5 pairs; the page of a lesser one would look the
same and be worth less, so that one is only printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import container, page
from benchmarks import record as records
from benchmarks.benchmark import Benchmark
from benchmarks.facts import facts
from benchmarks.inside.measured import RATE, Measured
from benchmarks.record import Record
from lab.containers import images
from lab.containers.daemon import connect
from lab.containers.debootstrap import Say
from lab.errors import FAILED, MisuseError
from lab.host import cpus, machine
from lab.plan.words import names, number
from lab.run.progress import PlainLines
from lab.run.session import session

PAIRS_OF_A_PAGE = 5
MOST_PAIRS, MOST_SECONDS = 50, 30


@dataclass(frozen=True)
class Asked:
    """The command line."""

    benchmark: Benchmark
    rows: tuple[str, ...]
    pairs: int
    seconds: int
    tuning: bool  # measure the sources as they lie here, mounted into the image as it is

    @property
    def whole(self) -> bool:
        """Whether a page may be made of it."""
        all_rows = self.rows == self.benchmark.rows
        return all_rows and self.pairs >= PAIRS_OF_A_PAGE and not self.tuning

    @property
    def inside(self) -> tuple[str, ...]:
        """The rows that the container measures."""
        return tuple(row for row in self.rows if row in self.benchmark.inside)

    @property
    def command(self) -> str:
        """What a person types to have the same."""
        rows = "" if self.rows == self.benchmark.rows else f" ROWS={','.join(self.rows)}"
        return f"{self.benchmark.command}{rows} PAIRS={self.pairs} DURATION={self.seconds}"


def check(benchmark: Benchmark, *, rows: str, pairs: str, seconds: str, tune: str) -> Asked:
    """What the words ask for; empty ones leave it to us. MisuseError with every mistake."""
    mistakes: list[str] = []
    there = benchmark.rows
    wanted = names(rows) or there
    if unknown := [name for name in wanted if name not in there]:
        mistakes.append(f"ROWS: no row {', '.join(unknown)}; there are: {', '.join(there)}")
    paired = number("PAIRS", pairs, MOST_PAIRS, mistakes) or PAIRS_OF_A_PAGE
    lasting = number("DURATION", seconds, MOST_SECONDS, mistakes) or benchmark.seconds
    if mistakes:
        raise MisuseError(mistakes, "nothing was started")
    chosen = tuple(row for row in there if row in wanted)
    return Asked(benchmark, chosen, paired, lasting, bool(tune))


def run(asked: Asked, root: Path, console: Console) -> int:
    """Measure, print the table, write the page; 0 where every claim holds."""
    benchmark, say = asked.benchmark, PlainLines(console).say
    client = connect()
    there = machine.online()
    allotted = cpus.allot(there, machine.siblings(there))
    found = _Found(asked, say)
    if asked.inside:
        with session(say):
            if not asked.tuning:
                images.ensure(client, (benchmark.built_on, benchmark.image), root, say)
            sources = root / benchmark.name if asked.tuning else None
            words = [
                *("--rows", ",".join(asked.inside)),
                *("--pairs", f"{asked.pairs}", "--seconds", f"{asked.seconds}"),
                *("--server-cpu", f"{allotted.server[0]}", "--client-cpu", f"{allotted.load[0]}"),
            ]
            for event in container.events(client, benchmark.image.tag, words, sources):
                found.heed(event)
    for row, trials in benchmark.trials.items():
        if row in asked.rows:
            for figure in trials(root, console):
                found.add(figure)
    done = found.record(facts(client, allotted))
    print(benchmark.table(done), flush=True)
    if asked.whole:
        records.write(root / benchmark.record, done)
        page.write(benchmark, root)
        say(f"written: {benchmark.page}")
    else:
        needs = f"all rows, {PAIRS_OF_A_PAGE} pairs, no tuning"
        say(f"{benchmark.page} is as it was: it takes {needs}")
    return FAILED if any(each.verdict != "pass" for each in benchmark.judge(done)) else 0


class _Found:
    """What was measured so far, told to a person as it comes."""

    def __init__(self, asked: Asked, say: Say) -> None:
        self._asked, self._say = asked, say
        self._figures: list[Measured] = []
        self._versions: dict[str, str] = {}

    def heed(self, event: dict[str, Any]) -> None:
        """Of the container (inside/measured.py)."""
        match event:
            case {"event": "versions", "versions": versions}:
                self._versions = versions
            case {"event": "figure", **figure}:
                self.add(Measured(**figure))

    def add(self, figure: Measured) -> None:
        self._figures.append(figure)
        rate = figure.values.get(RATE)
        told = [f"{rate:,.0f} requests/s"] if rate else [] if figure.values else ["fails"]
        told += [text for text in (figure.faults, figure.remark) if text]
        rows = self._asked.rows
        row = f"[{rows.index(figure.row) + 1}/{len(rows)}] {figure.row} {figure.round}"
        self._say(f"{row}: {figure.side}: {'; '.join(told) or 'done'}")

    def record(self, host: dict[str, str]) -> Record:
        asked = self._asked
        return Record(
            at=datetime.now(UTC).isoformat(timespec="minutes"),
            command=asked.command,
            pairs=asked.pairs,
            seconds=asked.seconds,
            host=host,
            versions=self._versions,
            figures=self._figures,
        )
