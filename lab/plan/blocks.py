"""Which trials to run, in which order: randomised complete blocks.

A block holds every cell (a model at a step of the load) once, in an order shuffled by the plan's
seed. Whatever drifts while the run goes on (heat, neighbours, caches) then meets every model alike,
where "all trials of A, then all of B" would count it as a difference between A and B.

The load's own seed belongs to the block: within a block every model is asked the same sequence.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from lab.records.step import Trial

Cell = tuple[str, int, float | None]  # model, users, rate: a line of the table
CLOSED = (None,)  # the one rate of a closed loop: whatever the server can take


def make_plan(cells: Sequence[Cell], blocks: int, seed: int) -> tuple[Trial, ...]:
    """The same arguments give the same plan, on any machine."""
    plan: list[Trial] = []
    for block in range(1, blocks + 1):
        plan += make_block(block, cells, seed, len(plan) + 1)
    return tuple(plan)


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
