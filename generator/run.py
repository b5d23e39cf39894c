"""One run of `make generator`: the container's rows, then the lab's own trials, table and page.

A run is whole where it had every row and at least 5 pairs; the page of a lesser one would look the
same and be worth less, so that one is only printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from generator import page, record, trials
from generator.claims import judge
from generator.inside import sides
from generator.inside.events import Measured
from generator.record import Record
from lab import cpus, images, machine
from lab.daemon import connect
from lab.debootstrap import Say
from lab.errors import FAILED, MisuseError
from lab.session import session
from lab.topology import Image
from lab.words import names, numbers
from speed import container, rendering
from speed.facts import facts
from speed.record import write

PAIRS_OF_A_PAGE, SECONDS = 5, 3
MOST_PAIRS, MOST_SECONDS = 50, 30
ENGINE = Image("serverlab-loadgen", "loadgen/Dockerfile", frozenset())
BENCH = Image("serverlab-generator", "generator/Dockerfile", frozenset())
INSIDE = tuple(row.name for row in sides.ROWS)
TRIALS: dict[str, Callable[[Path, Console], Iterator[Measured]]] = {
    "crowd": trials.crowd,
    "counts": trials.counted,
}
ROWS = (*INSIDE, *TRIALS)


@dataclass(frozen=True)
class Asked:
    """The command line."""

    rows: tuple[str, ...]
    pairs: int
    seconds: int

    @property
    def whole(self) -> bool:
        """Whether a page may be made of it."""
        return self.rows == ROWS and self.pairs >= PAIRS_OF_A_PAGE

    @property
    def inside(self) -> tuple[str, ...]:
        """The rows that the container measures."""
        return tuple(row for row in self.rows if row in INSIDE)

    @property
    def command(self) -> str:
        """What a person types to have the same."""
        rows = "" if self.rows == ROWS else f" ROWS={','.join(self.rows)}"
        return f"make generator{rows} PAIRS={self.pairs} DURATION={self.seconds}"


def check(*, rows: str, pairs: str, seconds: str) -> Asked:
    """What the words ask for; empty ones leave it to us. MisuseError with every mistake."""
    mistakes: list[str] = []
    wanted = names(rows) or list(ROWS)
    if unknown := [name for name in wanted if name not in ROWS]:
        mistakes.append(f"ROWS: no row {', '.join(unknown)}; there are: {', '.join(ROWS)}")
    found = [
        numbers(name, text or f"{usual}", most, mistakes)
        for name, text, usual, most in (
            ("PAIRS", pairs, PAIRS_OF_A_PAGE, MOST_PAIRS),
            ("DURATION", seconds, SECONDS, MOST_SECONDS),
        )
    ]
    if not mistakes and any(len(each) != 1 for each in found):
        mistakes.append("PAIRS and DURATION: take one number each")
    if mistakes:
        raise MisuseError(mistakes, "nothing was started")
    [paired], [lasting] = found
    return Asked(tuple(row for row in ROWS if row in wanted), paired, lasting)


def run(asked: Asked, root: Path, console: Console, say: Say) -> int:
    """Measure, print the table, write the page; 0 where every claim holds."""
    client = connect()
    found = _Found(say)
    there = machine.online()
    allotted = cpus.allot(there, machine.siblings(there))
    if asked.inside:
        with session(say):
            images.ensure(client, (ENGINE, BENCH), root, say)
            words = [
                *("--rows", ",".join(asked.inside)),
                *("--pairs", f"{asked.pairs}", "--seconds", f"{asked.seconds}"),
                *("--server-cpu", f"{allotted.server[0]}", "--client-cpu", f"{allotted.load[0]}"),
            ]
            for event in container.events(client, BENCH.tag, words):
                if event["event"] == "versions":
                    found.versions = event["versions"]
                elif event["event"] == "figure":
                    del event["event"]
                    found.add(Measured(**event))
    for row in asked.rows:
        if row in TRIALS:
            for figure in TRIALS[row](root, console):
                found.add(figure)
    done = Record(
        at=datetime.now(UTC).isoformat(timespec="minutes"),
        command=asked.command,
        pairs=asked.pairs,
        seconds=asked.seconds,
        host=facts(client, allotted),
        versions=found.versions,
        figures=found.figures,
    )
    judged = judge(done.figures, done.pairs)
    print(f"{page.table(judged)}\n\n{page.costs(done)}", flush=True)
    if asked.whole:
        write(root / page.RECORD, done)
        render(root)
        say(f"written: {page.PAGE}")
    else:
        say(f"{page.PAGE} is as it was: it takes all rows and {PAIRS_OF_A_PAGE} pairs")
    return FAILED if any(each.verdict != "pass" for each in judged) else 0


def render(root: Path) -> None:
    """The page anew, from the record and the template as they are. Raises LabError."""
    kept = record.read(root / page.RECORD)
    rendering.write(root, page.TEMPLATE, page.PAGE, lambda template: page.render(kept, template))


class _Found:
    """What was measured so far, told to a person as it comes."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self.figures: list[Measured] = []
        self.versions: dict[str, str] = {}

    def add(self, figure: Measured) -> None:
        self.figures.append(figure)
        rate = figure.values.get("rate_per_s")
        told = [f"{rate:,.0f} requests/s"] if rate else []
        told += [text for text in (figure.faults, figure.remark) if text]
        self._say(f"{figure.row} {figure.round}: {figure.side}: {'; '.join(told) or 'done'}")
