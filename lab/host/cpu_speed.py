"""How fast this host computes at this moment: a fixed piece of work, timed on the CPUs of a trial.

A hypervisor may give the other half of a core, its caches or its clock to a neighbour. Our half
then runs more slowly, and no counter of the guest tells: the time is ours, not stolen.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from statistics import median
from time import thread_time_ns

TURNS = 20_000  # a millisecond, or a little less
TIMES = 9


def spin_us(cpus: Collection[int]) -> float | None:
    """Microseconds of CPU time, median of nine, on the slowest of these CPUs.

    None where this process may run on none of them.
    """
    ours = os.sched_getaffinity(0)
    found = []
    try:
        for cpu in cpus:
            with suppress(OSError):
                os.sched_setaffinity(0, {cpu})
                found.append(median(_spin_ns() for _ in range(TIMES)) / 1000)
    finally:
        os.sched_setaffinity(0, ours)
    return round(max(found), 1) if found else None


def _spin_ns() -> int:
    began_ns = thread_time_ns()
    total = 0
    for turn in range(TURNS):
        total += turn
    return thread_time_ns() - began_ns
