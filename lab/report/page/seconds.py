"""The trials of a cell second by second, side by side: the median, the least, the most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from loadgen.formats.record import LoadRecord, Second

SHORTEST_S = 0.25  # a window's last step, where it is shorter, says nothing of a rate


@dataclass(frozen=True)
class Moment:
    """One step of the series over all trials; latencies are None where nothing was answered."""

    t_s: float  # since the window opened
    trials: int
    rate_rps: float  # the median of the trials, as the latencies
    rate_low_rps: float
    rate_high_rps: float
    p50_us: float | None
    p99_us: float | None


def moments(loads: Sequence[LoadRecord]) -> Iterator[Moment]:
    """In the order of time."""
    found: dict[float, list[tuple[Second, float]]] = {}
    for load in loads:
        ends_s = [second.t_s for second in load.series[1:]] + [load.window_s]
        for second, end_s in zip(load.series, ends_s, strict=False):
            if end_s - second.t_s > SHORTEST_S:
                found.setdefault(round(second.t_s, 3), []).append((second, end_s - second.t_s))
    for t_s in sorted(found):
        rates = [second.good / step_s for second, step_s in found[t_s]]
        yield Moment(
            t_s=t_s,
            trials=len(rates),
            rate_rps=median(rates),
            rate_low_rps=min(rates),
            rate_high_rps=max(rates),
            p50_us=_median([second.p50_us for second, _ in found[t_s]]),
            p99_us=_median([second.p99_us for second, _ in found[t_s]]),
        )


def _median(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
