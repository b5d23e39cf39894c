"""The living tasks of a container, from the host's /proc: processes, threads, context switches.

The kernel keeps context switches by task alone, so they are summed over every thread of every
process that lives now. What a task did is gone from /proc when it ends: where workers come and go
within the window (a child or a thread per connection) the difference of two readings says nothing,
and the account's getrusage, which keeps what ended, has to tell (analysis/mechanism.py chooses).

A task costs some 20 us, of the lab's CPU and none of the server's; but the lab shares its CPUs with
the load. So a container of more than MOST_TASKS is counted and its switches are not read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MOST_TASKS = 1_000  # 20 ms; 8,000 threads took 160 ms, the whole load would wait for them
_SWITCHES = b"\nvoluntary_ctxt_switches:"


@dataclass(frozen=True)
class Tasks:
    """`voluntary` and `involuntary` are sums since each task began; None: not read, `missing`."""

    processes: int
    threads: int  # each process has at least one
    voluntary: int | None
    involuntary: int | None
    missing: str | None = None


def read(pids: Iterable[int], proc: Path) -> Tasks:
    """Of these processes; one that ended meanwhile counts for nothing."""
    found = {pid: ids for pid in pids if (ids := _threads(f"{proc}/{pid}/task"))}
    threads = sum(map(len, found.values()))
    if threads > MOST_TASKS:
        why = f"{threads:,} threads: switches are read of {MOST_TASKS:,} at most"
        return Tasks(len(found), threads, None, None, why)
    voluntary = involuntary = 0
    for pid, ids in found.items():
        for each in ids:
            switches = _switches(f"{proc}/{pid}/task/{each}/status")
            voluntary, involuntary = voluntary + switches[0], involuntary + switches[1]
    return Tasks(len(found), threads, voluntary, involuntary)


def _threads(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, ProcessLookupError):
        return []


def _switches(path: str) -> tuple[int, int]:
    """Voluntary and involuntary: the last two lines of the file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)  # 3 us less than a file object, a thousand times
        try:
            text = os.read(descriptor, 8192)
        finally:
            os.close(descriptor)
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    _, voluntary, _, involuntary = text[text.rindex(_SWITCHES) :].split()
    return int(voluntary), int(involuntary)
