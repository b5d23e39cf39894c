"""What the master gets from many workers at the end of a trial, and how long it takes over it.

`.venv/bin/python -m tests.simulations.fan_in` prints the table of docs/scaling.md. Each worker has
counted 100,000 answers, whose times are spread over three decades, in a window of 10 s.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from tabulate import tabulate

from loadgen.engine.counters import count
from loadgen.engine.mix import asks
from loadgen.engine.report import WorkerReport, worker_report
from loadgen.engine.tally import Tally
from loadgen.formats.scenario_reader import parse
from tests.loadgen import records

WORKERS = (1, 64, 400)
ANSWERS, WINDOW_S, USERS = 100_000, 10, 8
HEAD = ("workers", "their reports", "to make the record", "record")


def reported() -> dict[str, Any]:
    """A worker's last word, as it travels."""
    requests = asks(parse(records.TEXT).requests, "test", close=False)
    tally = Tally(requests, is_open=False, keep_alive=True)
    tally.plan(0.0, WINDOW_S, lambda _: None, lambda: USERS)
    times_s = np.random.default_rng(1).lognormal(-6.5, 1.0, ANSWERS)
    for second, part in enumerate(np.array_split(times_s, WINDOW_S)):
        tally.roll(second)
        for took_s in part:
            count(requests[0].times_us, float(took_s))
    tally.finish()
    made = worker_report(
        tally,
        [records.QUIET] * tally.window_steps,
        name="worker-0",
        established=USERS,
        unconnected=0,
        unserved=0,
        answers=[ANSWERS // USERS] * USERS,
    )
    return made.model_dump(mode="json")


def row(workers: int, told: dict[str, Any]) -> tuple[str, ...]:
    began_s = time.perf_counter()
    parts = [WorkerReport.model_validate(told) for _ in range(workers)]
    with TemporaryDirectory() as folder:
        written = records.record(Path(folder), *parts).model_dump_json()
    took_s = time.perf_counter() - began_s
    sizes = len(json.dumps(told)) * workers, len(written)
    travelled, kept = (f"{size / 1e6:.1f} MB" for size in sizes)
    return f"{workers:,}", travelled, f"{took_s:.1f} s", kept


def main() -> None:
    told = reported()
    rows = [row(workers, told) for workers in WORKERS]
    print(tabulate(rows, HEAD, tablefmt="github", disable_numparse=True))


if __name__ == "__main__":
    main()
