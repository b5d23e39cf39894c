"""What stands below the table: why figures may not be trusted, and how the table is to be read."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from lab.cells import Cell
from lab.figure import counted, figure
from lab.manifest import Manifest
from lab.plan import load
from lab.record import ServerRecord
from lab.statistics.flags import NOISY, UNSTABLE
from lab.thresholds import EVEN_SPEED

ENOUGH_TRIALS = 5  # below it a table is a first look
TO_RANK = 10  # blocks: all pairs of seven models reach significance


def footnotes(cells: Sequence[Cell]) -> list[str]:
    """Why figures of the table may not be trusted: a line for each row and mark."""
    lines = []
    for cell in cells:
        where = f"{cell.model}, {load(cell.users, cell.rate_rps)}"
        for mark in dict.fromkeys(note.mark for note in cell.notes):
            texts = "; ".join(note.text for note in cell.notes if note.mark == mark)
            lines.append(f"{where}: {mark}: {texts}")
        if cell.spread in ("noisy", "unstable"):
            least = NOISY if cell.spread == "noisy" else UNSTABLE
            lines.append(f"{where}: {cell.spread}: its trials vary by more than {least:.0%}")
        if cell.drift is not None:
            lines.append(f"{where}: drift: {cell.drift:+.0%} from the first block to the last")
    return lines


def sentences(cells: Sequence[Cell]) -> list[str]:
    """Why each row is as it is."""
    return [
        f"{cell.model}, {load(cell.users, cell.rate_rps)}: {cell.sentence}"
        for cell in cells
        if cell.sentence
    ]


def lasted(records: Sequence[ServerRecord]) -> list[str]:
    """What a trial took of people's time, and what of it went into no load."""
    whole, beside = [], []
    for record in records:
        marks = record.marks_s
        if {"announced", "closed", "down"} <= marks.keys():
            whole.append(record.settling.waited_s + marks["down"])
            beside.append(marks["announced"] + marks["down"] - marks["closed"])
    if not whole:
        return []
    return [
        f"A trial took {median(whole):.1f} s, {median(beside):.1f} s of them for containers that"
        " start and end."
    ]


def paused(manifest: Manifest, missing: int) -> list[str]:
    """What a run that goes on another time still lacks."""
    if manifest.state != "paused":
        return []
    return [f"paused: {missing} of {len(manifest.plan)} trials are still to be run"]


def sittings(manifest: Manifest, count: int) -> list[str]:
    """Over which time the trials were spread, where they were."""
    if count < 2:
        return []
    ended = f" to {_minute(manifest.after.at)}" if manifest.after else ""
    return [
        f"Measured in {count} sittings, from {_minute(manifest.created_at)}{ended} UTC; between"
        " them the host may have changed, which the spread of the trials shows."
    ]


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")


def speeds(spins_us: Sequence[float]) -> list[str]:
    """Whether the host was as fast before each trial, where it was not."""
    if not spins_us or (slowest := min(spins_us) / max(spins_us)) >= EVEN_SPEED:
        return []
    usual = min(spins_us) / median(spins_us)
    return [
        f"The host's CPUs were at {slowest:.0%} to 100 % of their best speed before the trials"
        f" (median {usual:.0%}), by a piece of work that is always the same. Neighbours on the"
        " same machine do that, unseen by it."
    ]


def reading(cells: Sequence[Cell], path: str, connection: str) -> list[str]:
    """What a reader must know to read the table right."""
    lines = [
        f"path {path}, connection {connection}; CPU 100 % is one CPU; memory at the window's end."
    ]
    if any(cell.reference for cell in cells):
        lines.append(
            "* a reference: somebody else's server. It gives no account of what it did, so the"
            " client's counts are held against none; all else is judged as for a model."
        )
    if any(cell.rate_rps is not None for cell in cells):
        lines.append(
            "Open loop: requests come due at a rate, and times count from then; service times count"
            " from the sending, as a closed loop would have it."
        )
    if any(figure(cell.offered_rps) != figure(cell.rate_rps) for cell in cells):
        lines.append(
            "offered/s is what came due in the window: arrivals drawn by lot (Poisson) come to a"
            " little more or less than the rate asked for."
        )
    closed = [cell for cell in cells if cell.rate_rps is None]
    if closed:
        users = "users who are served" if any(cell.unserved for cell in closed) else "users"
        lines.append(
            f"Closed loop: each user waits for its answer, so at saturation latency is {users}"
            " divided by rate and says nothing more of the server."
        )
    if any(cell.limit == "generator-bound" for cell in closed):
        lines.append(
            "Where the limit is the generator, requests/s is what it could ask; the model can do as"
            " much or more. SCENARIO=keep-alive or cpu asks more of a server (README, Reading the"
            " table)."
        )
    trials = min((cell.trials for cell in cells), default=0)
    if 0 < trials < ENOUGH_TRIALS:
        lines.append(
            f"{counted(trials, 'trial')} a cell: a first look."
            f" {ENOUGH_TRIALS} trials show a figure, {TO_RANK} a difference."
        )
    return lines
