"""Runs of chosen throughputs: each model's, block by block, everything else being right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from lab.analysis.result import Result
from lab.records.noise_floor import By
from lab.report.report import Report
from tests.lab import records

WINDOW_S = records.CLOSES_AT_S - records.OPENS_AT_S


def report(
    rates: Mapping[str, Sequence[float]],
    floor: float | None = None,
    *,
    pause_s: float = 3.0,
    **manifest: Any,
) -> Report:
    """`rates`: model -> requests/s in each block, the server being the limit. `pause_s`: between
    two blocks."""
    results = [
        _result(model, block, rate, number, number * WINDOW_S + block * pause_s)
        for number, (block, model, rate) in enumerate(_in_order(rates), 1)
    ]
    plan = [
        {
            "number": each.server.number,
            "block": each.server.block,
            "model": each.server.model,
            "users": each.server.users,
            "seed": each.server.seed,
            "name": f"{each.server.number:03d}-{each.server.model}",
        }
        for each in results
    ]
    manifest = {"models": list(rates), "plan": plan, **manifest}
    floors: dict[By, float] = {} if floor is None else {"throughput": floor}
    return Report(records.manifest(**manifest), results, floors)


def _in_order(rates: Mapping[str, Sequence[float]]) -> list[tuple[int, str, float]]:
    trials = [(n, model, rate) for model, each in rates.items() for n, rate in enumerate(each, 1)]
    return sorted(trials, key=itemgetter(0))


def _result(model: str, block: int, rate_rps: float, number: int, at_s: float) -> Result:
    ends_s = at_s + WINDOW_S
    return Result(
        records.server(
            number=number,
            block=block,
            model=model,
            opened=records.counters(at_s, 1.0),
            closed=records.counters(ends_s, 10.5),
        ),
        records.load(throughput_rps=rate_rps, model=model, opened_at_s=at_s, closed_at_s=ends_s),
    )


def around(rate: float, *, blocks: int = 10, off: float = 0.01, turn: int = 0) -> list[float]:
    """Trials that stray by as much, each in its own direction."""
    return [rate * (1 + off * (((block + turn) * 7) % 5 - 2) / 2) for block in range(blocks)]
