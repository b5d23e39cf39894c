"""A trial of a plan, and how its step of the load is named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lab.figure import counted


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
        return describe_step(self.users, self.rate_rps)


def describe_step(users: int, rate_rps: float | None) -> str:
    """`20 users`, or in an open loop `2,000/s over 100 connections`."""
    if rate_rps is None:
        return counted(users, "user")
    return f"{rate_rps:,.10g}/s over {counted(users, 'connection')}"


def written(rate_rps: float) -> str:
    """As people type it: 1000000, never 1e+06."""
    return f"{rate_rps:.10g}"
