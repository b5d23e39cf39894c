"""Which trials to run, in which order: randomised complete blocks.

A block holds every cell (a model at a step of the load) once, in an order shuffled by the plan's
seed. Whatever drifts while the run goes on (heat, neighbours, caches) then meets every model alike,
where "all trials of A, then all of B" would count it as a difference between A and B.

The load's own seed belongs to the block: within a block every model is asked the same sequence.
Where the trials of a block and step run together, each has a seed of its own: requests that come
to all servers at the same instants are served in one order, and the first pays for waking the CPU.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from lab.records.step import Trial

Cell = tuple[str, int, float | None]  # model, users, rate: a line of the table
CLOSED = (None,)  # the one rate of a closed loop: whatever the server can take


def make_plan(
    cells: Sequence[Cell], blocks: int, seed: int, *, together: bool = False
) -> tuple[Trial, ...]:
    """The same arguments give the same plan, on any machine. Trials together are neighbours."""
    plan: list[Trial] = []
    for block in range(1, blocks + 1):
        made = make_block(block, cells, seed, len(plan) + 1)
        plan += _side_by_side(made, seed) if together else made
    return tuple(plan)


def at_once(plan: Iterable[Trial]) -> Iterator[list[Trial]]:
    """The trials of each block and step, for a plan whose trials run together."""
    for _, found in groupby(plan, _moment):
        yield list(found)


def _side_by_side(block: Sequence[Trial], seed: int) -> list[Trial]:
    first = block[0].number
    moments = list(dict.fromkeys(map(_moment, block)))
    ordered = sorted(block, key=lambda trial: moments.index(_moment(trial)))
    return [
        replace(trial, number=number, seed=random.Random(f"{seed}//{number}").getrandbits(31))  # noqa: S311
        for number, trial in enumerate(ordered, first)
    ]


def _moment(trial: Trial) -> tuple[int, int, float | None]:
    return trial.block, trial.users, trial.rate_rps


def through(plan: Sequence[Trial], left: Sequence[Trial], blocks: int) -> tuple[Trial, ...]:
    """The plan up to the end of so many of the blocks of which something is left."""
    due = [*dict.fromkeys(trial.block for trial in left)][:blocks]
    return tuple(trial for trial in plan if trial.block <= max(due, default=0))


def all_cells(
    models: Sequence[str], users: Sequence[int], rates: Sequence[float | None] = CLOSED
) -> list[Cell]:
    """Every model at every step; an open loop names its rates."""
    return [(model, count, rate) for count in users for rate in rates or CLOSED for model in models]


def make_block(block: int, cells: Sequence[Cell], seed: int, number: int) -> list[Trial]:
    """One block, in its own order; `number` is that of its first trial."""
    # A string seeds by its bytes: the order does not hang on hash randomisation.
    chance = random.Random(f"{seed}/{block}")  # noqa: S311 - an order, not a secret
    load_seed = chance.getrandbits(31)
    return [
        Trial(number + place, block, model, users, load_seed, rate)
        for place, (model, users, rate) in enumerate(chance.sample(cells, len(cells)))
    ]
