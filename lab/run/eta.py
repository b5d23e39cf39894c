"""How long a run takes, told before it starts and while it goes on.

Warm-up and window are known. What a trial costs beyond them (settling, containers up and down, the
ramp, the drain) is this host's own: a guess at first, then the median of the run's finished trials.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil
from statistics import median

from lab.records.record import ServerRecord

COST_S = 5.0  # a guess on the safe side: what a trial may cost at most, if the lab is well
MINUTE_S = 60


@dataclass(frozen=True)
class Eta:
    """`load_s`: warm-up and window of each trial. `costs_s`: beyond it, of those that are over.
    `at_once`: how many trials run at the same time."""

    load_s: float
    costs_s: tuple[float, ...] = ()
    at_once: int = 1

    def after(self, records: Iterable[ServerRecord]) -> Eta:
        """What these trials teach; one that failed ended early and teaches nothing."""
        costs = [
            max(0.0, record.settling.waited_s + record.marks_s["down"] - self.load_s)
            for record in records
            if record.outcome == "ok" and "down" in record.marks_s
        ]
        return replace(self, costs_s=(*self.costs_s, *costs))

    def lasts_s(self, trials: int) -> float:
        cost_s = median(self.costs_s) if self.costs_s else COST_S
        return ceil(trials / self.at_once) * (self.load_s + cost_s)


def in_words(duration_s: float) -> str:
    """`40 s`, `12 min`, `3 h 20 min`: as exact as an estimate is."""
    if duration_s < 1.5 * MINUTE_S:
        return f"{duration_s:.0f} s"
    minutes = round(duration_s / MINUTE_S)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
