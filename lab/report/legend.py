"""How the table is to be read, and how the run was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from lab.analysis.cells import Cell
from lab.analysis.rankings import Ranking
from lab.analysis.thresholds import EVEN_SPEED
from lab.figure import counted, figure
from lab.records import noise_floor
from lab.records.manifest import Manifest
from lab.records.noise_floor import By
from lab.records.record import ServerRecord

REDIS_SHARE = 0.05  # of a CPU: less of it leaves the load all that it needs
ENOUGH_TRIALS = 5  # below it a table is a first look
TO_RANK = 10  # blocks: all pairs of seven models reach significance


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
        f"The host's CPUs were at {slowest:.0%} to 100% of their best speed before the trials"
        f" (median {usual:.0%}), timed by a fixed piece of work. Other virtual machines on the same"
        " hardware can cause this; this host cannot see them."
    ]


def reading(cells: Sequence[Cell], manifest: Manifest) -> list[str]:
    """What a reader must know to read the table right."""
    lines = []
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
    if any(cell.together for cell in cells):
        lines.append(
            "Together: the servers of a block ran at the same time, each with its own load. Compare"
            " what an answer costs; how long it takes holds what the others took of the CPU."
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
    return [
        *lines,
        *_redis(cells, manifest.compose_variables),
        f"Path {manifest.path}, connection {manifest.connection}, receive {manifest.receive};"
        " CPU 100 % is one CPU; memory at the window's end.",
    ]


def _redis(cells: Sequence[Cell], variables: Mapping[str, str]) -> list[str]:
    """What Redis took of a CPU that the load shares, where it took enough to matter."""
    redis, load = (set(variables.get(name, "").split(",")) for name in ("REDIS_CPUS", "LOAD_CPUS"))
    most = max(cells, key=lambda cell: cell.mechanism.redis_share or 0.0, default=None)
    share = most.mechanism.redis_share if most else None
    if most is None or share is None or share < REDIS_SHARE or not redis & load:
        return []
    return [f"Redis shares a CPU with the load and took up to {share:.0%} of it ({most.model})."]


def trials(cells: Sequence[Cell]) -> list[str]:
    """What more trials would bring, where there are few."""
    least = min((cell.trials for cell in cells), default=0)
    if not 0 < least < ENOUGH_TRIALS:
        return []
    return [
        f"{counted(least, 'trial')} a row: TRIALS={ENOUGH_TRIALS} gives intervals,"
        f" TRIALS={TO_RANK} of two models can prove a small difference."
    ]


def ranks(rankings: Sequence[Ranking], noise_floors: Mapping[By, float]) -> list[str]:
    """How to read the ranks, where there are any."""
    if not any(each.order.says_something for each in rankings):
        return []
    floor = (
        f"this host's noise floor is {noise_floor.in_words(noise_floors)}"
        if noise_floors
        else "this host's noise floor is not known (make noise measures it)"
    )
    ranges = any(
        "-" in each.order.place(name)
        for each in rankings
        for name in each.names
        if each.order.says_something
    )
    how = (
        "A rank such as 1-3 is first, second or third: the trials do not say which; "
        if ranges
        else ""
    )
    told = f"{how}{floor}."
    return [told[0].upper() + told[1:]]
