"""The one clock of load and lab: CLOCK_MONOTONIC in seconds, one for all of a kernel.

Where the load comes from several hosts, each has its own: then an `Offset` is between the two.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

clock = time.monotonic


@dataclass(frozen=True)
class Offset:
    """A worker's clock less ours, wrong by `bound_s` at most."""

    seconds: float
    bound_s: float

    @property
    def known_s(self) -> float:
        """To be reckoned with: an offset within its own bound is that of one and the same clock."""
        return self.seconds if abs(self.seconds) > self.bound_s else 0.0

    def until(self, later: Offset) -> Offset:
        """Over the time between two measurements: the first, wrong also by the drift."""
        drift_s = abs(later.seconds - self.seconds)
        return Offset(self.seconds, max(self.bound_s, later.bound_s) + drift_s)


def offset(asked_s: float, told_s: float, answered_s: float) -> Offset:
    """From one round trip. The other clock was read at some instant of it: so half of it bounds the
    error of its middle (F. Cristian, Probabilistic clock synchronization, 1989)."""
    return Offset(told_s - (asked_s + answered_s) / 2, (answered_s - asked_s) / 2)
