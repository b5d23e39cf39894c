"""The workers of a pool as /proc shows them, and how many CPUs they use at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lab.claims import Guest, Laboratory

WORKERS = 8
ASKED = 100
SPIN_MS, SPINNERS = 300, 4


@dataclass(frozen=True)
class Pool:
    """`workers`: the fewer of before and after; `made`: those that came while a hundred clients
    did. `cpus`: CPU time over wall time while four clients let it compute."""

    workers: int
    made: int
    cpus: float


def pool(lab: Laboratory, model: str) -> Pool:
    with lab.serve(model, workers=str(WORKERS)) as guest:
        guest.until(lambda: len(_workers(guest, model)) >= WORKERS, f"{WORKERS} workers")
        before = _workers(guest, model)
        for _ in range(ASKED):
            guest.ask()
        after = _workers(guest, model)
        used_s, began_s = guest.counters().cpu_s, time.monotonic()
        with ThreadPoolExecutor(SPINNERS) as clients:
            list(clients.map(guest.ask, [f"/spin/{SPIN_MS}"] * SPINNERS))
        cpus = (guest.counters().cpu_s - used_s) / (time.monotonic() - began_s)
        return Pool(min(len(before), len(after)), len(after - before), cpus)


def _workers(guest: Guest, model: str) -> set[int]:
    """Ids of its children, or of its threads without the first."""
    found = guest.children() if model == "preforked" else guest.threads()
    return {each.pid for each in found} - {guest.pid}
