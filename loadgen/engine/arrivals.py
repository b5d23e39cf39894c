"""When requests come due in an open loop: instants counted from the first shot.

All workers together offer one rate. Each takes a part in proportion to its connections: with 3 and
1 of them, three arrivals of four and one of four. A worker without a connection could send nothing
and takes none. Evenly spaced arrivals are dealt in rounds, so that together they stay evenly
spaced; Poisson streams add up to one of the sum of their rates. The same seed gives the same
instants.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import gcd
from typing import Literal

Process = Literal["constant", "poisson"]


@dataclass(frozen=True)
class Share:
    """One worker's part of all arrivals."""

    turns: tuple[int, ...]  # the places in each round that are its own; none: it takes no arrival
    of: int  # places in a round

    @property
    def fraction(self) -> Fraction:
        return Fraction(len(self.turns), self.of)


def shares(connections: Sequence[int]) -> list[Share]:
    """Of each worker, by its connections; somebody must have one.

    A worker's turns are spread over the round: its n-th of c stands at (n + 1/2) / c of the way.
    """
    factor = gcd(*connections)
    places = sorted(  # with at most 15,000 connections no two of these floats are equal by rounding
        ((2 * turn + 1) / (number // factor), worker)
        for worker, number in enumerate(connections)
        for turn in range(number // factor)
    )
    turns: list[list[int]] = [[] for _ in connections]
    for place, (_, worker) in enumerate(places):
        turns[worker].append(place)
    return [Share(tuple(each), len(places)) for each in turns]


def instants(process: Process, rate_rps: float, share: Share, seed: str) -> Iterator[float]:
    """Seconds, rising; without end, unless the share is empty. `rate_rps`: of all workers."""
    if not share.turns:
        return iter(())
    if process == "constant":
        return ((first + turn) / rate_rps for first in count(0, share.of) for turn in share.turns)
    return _poisson(rate_rps * float(share.fraction), seed)


def _poisson(rate_rps: float, seed: str) -> Iterator[float]:
    gap_s = random.Random(seed).expovariate  # noqa: S311 - no secret is made of it
    instant_s = 0.0
    while True:
        instant_s += gap_s(rate_rps)
        yield instant_s
