"""Which trials to run, in which order: randomised complete blocks. Pure.

A block holds every cell (a model at a step of the load) once, in an order shuffled by the plan's
seed. Whatever drifts while the run goes on (heat, neighbours, caches) then meets every model alike,
where "all trials of A, then all of B" would count it as a difference between A and B.

The load's own seed belongs to the block: within a block every model is asked the same sequence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lab.figure import counted

Cell = tuple[str, int, float | None]  # model, users, rate: a line of the table
CLOSED = (None,)  # the one rate of a closed loop: whatever the server can take


@dataclass(frozen=True)
class Trial:
    """One fresh server under one load; `number` counts from 1 in the order of running."""

    number: int
    block: int
    model: str
    users: int
    seed: int
    rate_rps: float | None = None  # of arrivals, all workers together; None: a closed loop

    @property
    def name(self) -> str:
        """Names the trial's folder, so that folders sort in the order of running."""
        rate = "" if self.rate_rps is None else f"-r{written(self.rate_rps)}"
        model = re.sub(r"[^\w.=-]", "+", self.model)  # a variant's name has more than letters
        return f"{self.number:03d}-{model}-u{self.users}{rate}"

    @property
    def load(self) -> str:
        """The step of the load, in words."""
        return load(self.users, self.rate_rps)


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


def load(users: int, rate_rps: float | None) -> str:
    """`20 users`, or in an open loop `2,000/s over 100 connections`."""
    if rate_rps is None:
        return counted(users, "user")
    return f"{rate_rps:,.10g}/s over {counted(users, 'connection')}"


def written(rate_rps: float) -> str:
    """As people type it: 1000000, never 1e+06."""
    return f"{rate_rps:.10g}"
