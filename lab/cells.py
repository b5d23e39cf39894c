"""Trials summed up by cell (a model at a number of users). Pure.

Figures are medians over the cell's trials; percentiles come from the trials' histograms merged,
never from averaged percentiles. Invalid trials count for nothing as long as the cell has another
one; where it has none, what they measured is shown with a note that says why it may not be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from lab.notes import Note, notes
from lab.record import ServerRecord
from lab.result import Result
from lab.validity import P99_SAMPLES, cpu_share
from loadgen import histogram as hdr
from loadgen.record import LoadRecord


@dataclass(frozen=True)
class Measured:
    """A trial with a load record: what the figures are made from."""

    server: ServerRecord
    load: LoadRecord


@dataclass(frozen=True)
class Cell:
    """One row of the table; None where there is nothing to show. `trials` made the figures."""

    model: str
    users: int
    trials: int
    invalid: int
    throughput_rps: float | None
    p50_us: int | None
    p90_us: int | None
    p99_us: int | None  # None below 1,000 samples
    max_us: int | None
    samples: int
    failures: int
    unserved: int
    unconnected: int
    cpu_share: float | None
    cpu_us_per_request: float | None
    memory_bytes: float | None
    switches_per_request: float | None
    notes: tuple[Note, ...]


def cells(results: Sequence[Result], models: Sequence[str]) -> list[Cell]:
    """In the order of `models`, users rising."""
    keys = {(result.server.model, result.server.users) for result in results}
    order = {model: place for place, model in enumerate(models)}
    return [
        _cell([r for r in results if (r.server.model, r.server.users) == key])
        for key in sorted(keys, key=lambda key: (order.get(key[0], len(order)), key))
    ]


def _cell(results: Sequence[Result]) -> Cell:
    measured = [
        (Measured(result.server, result.load), result.judgement.verdict != "invalid")
        for result in results
        if result.load is not None
    ]
    sound = [trial for trial, is_sound in measured if is_sound]
    used = sound or [trial for trial, _ in measured]
    latencies = [trial.load.latency_us for trial in used if trial.load.latency_us]
    whole = hdr.merge(hdr.decode(latency.histogram) for latency in latencies)
    samples = int(whole.get_total_count())

    def at(percent: float) -> int | None:
        return hdr.percentile(whole, percent) if samples else None

    return Cell(
        model=results[0].server.model,
        users=results[0].server.users,
        trials=len(used),
        invalid=len(results) - len(sound),
        throughput_rps=_median(used, lambda trial: trial.load.window.throughput_rps),
        p50_us=at(50),
        p90_us=at(90),
        p99_us=at(99) if samples >= P99_SAMPLES else None,
        max_us=max((latency.max for latency in latencies), default=None),
        samples=samples,
        failures=sum(trial.load.window.failures.total for trial in used),
        unserved=max((trial.load.connections.unserved for trial in used), default=0),
        unconnected=max((trial.load.connections.unconnected for trial in used), default=0),
        cpu_share=_median(used, lambda trial: cpu_share(trial.server)),
        cpu_us_per_request=_median(used, _cpu_us_per_request),
        memory_bytes=_median(used, _memory_bytes),
        switches_per_request=_median(used, _switches_per_request),
        notes=notes(results),
    )


def _median(used: Iterable[Measured], figure: Callable[[Measured], float | None]) -> float | None:
    known = [value for value in map(figure, used) if value is not None]
    return median(known) if known else None


def _cpu_us_per_request(trial: Measured) -> float | None:
    share, rate = cpu_share(trial.server), trial.load.window.throughput_rps
    return share / rate * 1e6 if share is not None and rate else None


def _memory_bytes(trial: Measured) -> float | None:
    """At the window's end, while the load still stood."""
    return float(trial.server.closed.memory_bytes) if trial.server.closed else None


def _switches_per_request(trial: Measured) -> float | None:
    """Over the whole life: the kernel keeps no context switches by cgroup."""
    account = trial.server.end.account if trial.server.end else None
    if account is None or not account.answered:
        return None
    return (account.voluntary_switches + account.involuntary_switches) / account.answered
