"""When requests come due in an open loop: instants counted from the first shot. Pure.

Each of `workers` takes its part of the whole rate: every workers-th of evenly spaced arrivals, or a
Poisson stream of its own (streams add up to one of the sum of their rates). The same seed gives the
same instants.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from typing import Literal

Process = Literal["constant", "poisson"]


def instants(
    process: Process, rate_rps: float, *, worker: int, workers: int, seed: str
) -> Iterator[float]:
    """Seconds, rising, without end."""
    if process == "constant":
        return ((number * workers + worker) / rate_rps for number in count())
    return _poisson(rate_rps / workers, seed)


def _poisson(rate_rps: float, seed: str) -> Iterator[float]:
    gap_s = random.Random(seed).expovariate  # noqa: S311 - no secret is made of it
    instant_s = 0.0
    while True:
        instant_s += gap_s(rate_rps)
        yield instant_s
