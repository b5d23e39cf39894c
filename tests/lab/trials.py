"""Runs of chosen throughputs: each model's, block by block, everything else being right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.report import Report
from lab.result import Result
from tests.lab import records


def report(
    rates: Mapping[str, Sequence[float]], floor: float | None = None, **manifest: Any
) -> Report:
    """`rates`: model -> requests/s in each block, the server being the limit."""
    results = [
        Result(
            records.server(number=block, block=block, model=model),
            records.load(throughput_rps=rate, model=model),
        )
        for model, each in rates.items()
        for block, rate in enumerate(each, 1)
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
    return Report(records.manifest(**manifest), results, floor)


def around(rate: float, *, blocks: int = 10, off: float = 0.01, turn: int = 0) -> list[float]:
    """Trials that stray by as much, each in its own direction."""
    return [rate * (1 + off * (((block + turn) * 7) % 5 - 2) / 2) for block in range(blocks)]
