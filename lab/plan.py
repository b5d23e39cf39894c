"""Which trials to run, in which order: randomised complete blocks. Pure.

A block holds every cell (a model at a step of the load) once, in an order shuffled by the plan's
seed. Whatever drifts while the run goes on (heat, neighbours, caches) then meets every model alike,
where "all trials of A, then all of B" would count it as a difference between A and B.

The load's own seed belongs to the block: within a block every model is asked the same sequence.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass


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
        rate = "" if self.rate_rps is None else f"-r{self.rate_rps:g}"
        return f"{self.number:03d}-{self.model}-u{self.users}{rate}"


def make_plan(
    models: Sequence[str], users: Sequence[int], blocks: int, seed: int
) -> tuple[Trial, ...]:
    """The same arguments give the same plan, on any machine."""
    cells = [(model, count) for count in users for model in models]
    plan: list[Trial] = []
    for block in range(1, blocks + 1):
        # A string seeds by its bytes: the order does not hang on hash randomisation.
        chance = random.Random(f"{seed}/{block}")  # noqa: S311 - an order, not a secret
        load_seed = chance.getrandbits(31)
        for model, count in chance.sample(cells, len(cells)):
            plan.append(Trial(len(plan) + 1, block, model, count, load_seed))
    return tuple(plan)
