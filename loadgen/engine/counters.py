"""What a tally counts with: times, the steps that they fall into, the arrivals of an open loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

Times = dict[int, int]  # whole microseconds -> how often


def count(times_us: Times, took_s: float) -> None:
    us = int(took_s * 1e6 + 0.5)
    times_us[us] = times_us.get(us, 0) + 1


def total(parts: Iterable[Times]) -> Times:
    whole: Counter[int] = Counter()
    for part in parts:
        whole.update(part)
    return whole


@dataclass
class Step:
    """What was finished in it; lists run along the scenario's requests."""

    times_us: list[Times]
    bytes: int = 0
    failed: int = 0
    in_flight: int = 0  # at its end
    send_lag_us: Times = field(default_factory=dict)  # open loop

    @property
    def good(self) -> int:
        return sum(sum(times.values()) for times in self.times_us)


@dataclass
class Arrivals:
    """Of an open loop: those due in the window, and what became of them."""

    due: int = 0
    dropped: int = 0
    cut: int = 0
    queued: int = 0
    times_us: list[Times] = field(default_factory=list)  # response times, by kind
    service_us: Times = field(default_factory=dict)
    send_lag_us: Times = field(default_factory=dict)
    in_flight: list[int] = field(default_factory=list)  # samples
