"""One run of `make speed`: images, container, progress, table; the page where the run was whole.

A run is whole where it had every row and at least 5 pairs; the page of a lesser one would look the
same and be worth less, so that one is only printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lab import cpus, images, machine
from lab.daemon import connect
from lab.debootstrap import Say
from lab.errors import FAILED, MisuseError
from lab.session import session
from lab.topology import Image
from speed import container, page, record, rendering
from speed.facts import facts
from speed.inside.events import Measured, measured
from speed.inside.rows import ROWS, Row, chosen
from speed.record import Record

PAIRS_OF_A_PAGE, SECONDS = 5, 2
MOST_PAIRS, MOST_SECONDS = 50, 30
SERVERS = Image("serverlab-guest", "servers/Dockerfile", frozenset())
BENCH = Image("serverlab-speed", "speed/Dockerfile", frozenset())


@dataclass(frozen=True)
class Asked:
    """The command line."""

    rows: tuple[Row, ...]
    pairs: int
    seconds: int
    tuning: bool  # measure servers/ as it lies here, mounted into the image as it is

    @property
    def whole(self) -> bool:
        """Whether a page may be made of it."""
        return self.rows == ROWS and self.pairs >= PAIRS_OF_A_PAGE and not self.tuning

    @property
    def command(self) -> str:
        """What a person types to have the same."""
        rows = "" if self.rows == ROWS else f" ROWS={','.join(row.name for row in self.rows)}"
        return f"make speed{rows} PAIRS={self.pairs} DURATION={self.seconds}"


def check(*, rows: str, pairs: str, seconds: str, tune: str) -> Asked:
    """What the words ask for; empty ones leave it to us. MisuseError with every mistake."""
    pairs, seconds = pairs or str(PAIRS_OF_A_PAGE), seconds or str(SECONDS)
    mistakes = []
    known: tuple[Row, ...] = ()
    try:
        known = chosen(rows)
    except ValueError as error:
        mistakes.append(f"ROWS: {error}")
    for name, text, most in (("PAIRS", pairs, MOST_PAIRS), ("DURATION", seconds, MOST_SECONDS)):
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
            mistakes.append(f"{name}: {text!r} is no whole number from 1 to {most}")
    if mistakes:
        raise MisuseError(mistakes, "nothing was started")
    return Asked(known, int(pairs), int(seconds), bool(tune))


def run(asked: Asked, root: Path, say: Say) -> int:
    """Measure, print the table, write the page; 0 where no row is below its floor or erring."""
    with session(say):
        client = connect()
        if not asked.tuning:
            images.ensure(client, (SERVERS, BENCH), root, say)
        there = machine.online()
        allotted = cpus.allot(there, machine.siblings(there))
        words = [
            *("--rows", ",".join(row.name for row in asked.rows)),
            *("--pairs", f"{asked.pairs}", "--seconds", f"{asked.seconds}"),
            *("--server-cpu", f"{allotted.server[0]}", "--client-cpu", f"{allotted.load[0]}"),
        ]
        mounted = {container.SERVERS: root / "servers"} if asked.tuning else {}
        found = _Found(asked, say)
        for event in container.events(client, BENCH.tag, words, mounted):
            found.heed(event)
        done = found.record(facts(client, allotted))
    compared = page.comparisons(done)
    print(page.table(compared), flush=True)
    if asked.whole:
        record.write(root / page.RECORD, done)
        render(root)
        say(f"written: {page.PAGE}")
    else:
        say(f"{page.PAGE} is as it was: it takes all rows, {PAIRS_OF_A_PAGE} pairs, no tuning")
    return FAILED if {each.verdict for each in compared} & {"below", "erring"} else 0


def render(root: Path) -> None:
    """The page anew, from the record and the template as they are. Raises LabError."""
    kept = record.read(root / page.RECORD)
    rendering.write(root, page.TEMPLATE, page.PAGE, lambda template: page.render(kept, template))


class _Found:
    """What the events told so far."""

    def __init__(self, asked: Asked, say: Say) -> None:
        self._asked, self._say = asked, say
        self._figures: list[Measured] = []
        self._versions: dict[str, str] = {}
        self._rows = 0

    def heed(self, event: dict[str, Any]) -> None:
        """Keep it, and tell a person."""
        match event["event"]:
            case "versions":
                self._versions = event["versions"]
            case "row":
                self._rows += 1
            case "figure":
                self._figures.append(measured(event))
                self._tell(self._figures[-1])

    def _tell(self, figure: Measured) -> None:
        rate = f"{figure.rate_per_s:,.0f} requests/s" if figure.rate_per_s else "fails"
        faults = f" ({figure.faults})" if figure.faults else ""
        row = f"[{self._rows}/{len(self._asked.rows)}] {figure.row}"
        self._say(f"{row} {figure.round}/{self._asked.pairs}: {figure.side}: {rate}{faults}")

    def record(self, host: dict[str, str]) -> Record:
        """All of it."""
        return Record(
            at=datetime.now(UTC).isoformat(timespec="minutes"),
            command=self._asked.command,
            pairs=self._asked.pairs,
            seconds=self._asked.seconds,
            host=host,
            versions=self._versions,
            figures=self._figures,
        )
