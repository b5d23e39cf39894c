"""A thread and a process, created and finished in turns, through libc: microseconds of each.

    python -m experiments.programs.create_and_finish PAIRS MEGABYTES

MEGABYTES of memory are written to before, so that they have pages. A thread's routine is getpid()
itself: what pthread_join() brings is the pid under which the thread ran.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.PyDLL(None)  # keeps the interpreter's lock: neither worker needs it
ROUTINE = ctypes.cast(LIBC.getpid, ctypes.c_void_p)


def thread() -> bool:
    """Whether it ran in this process."""
    created, returned = ctypes.c_ulong(), ctypes.c_void_p()
    if LIBC.pthread_create(ctypes.byref(created), None, ROUTINE, None):
        return False
    LIBC.pthread_join(created, ctypes.byref(returned))
    return returned.value == PID


def process() -> bool:
    """Whether a child ended with 0."""
    child = LIBC.fork()
    if child == 0:
        os._exit(0)
    return os.waitpid(child, 0) == (child, 0)


def timed_us(create: Callable[[], bool]) -> tuple[float, bool]:
    began_ns = time.perf_counter_ns()
    ran = create()
    return (time.perf_counter_ns() - began_ns) / 1000, ran


def spread(values: list[float]) -> dict[str, float]:
    """The median and its 95 % interval by order statistics, whatever the distribution."""
    ordered, count = sorted(values), len(values)
    reach = 1.96 * math.sqrt(count) / 2
    low, high = max(0, math.floor(count / 2 - reach)), min(count - 1, math.ceil(count / 2 + reach))
    return {
        "low": round(ordered[low], 2),
        "mid": round(ordered[count // 2], 2),
        "high": round(ordered[high], 2),
    }


PID = os.getpid()


def main(pairs: int, megabytes: int) -> None:
    ballast = bytearray(os.urandom(1) * (megabytes << 20))
    threads, processes = [], []
    for _ in range(pairs):
        threads.append(timed_us(thread))
        processes.append(timed_us(process))
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    del ballast
    print(
        json.dumps(
            {
                "memory_bytes": resident,
                "threads_ran": sum(ran for _, ran in threads),
                "children_ran": sum(ran for _, ran in processes),
                "thread_us": spread([us for us, _ in threads]),
                "process_us": spread([us for us, _ in processes]),
                "ratio": spread([p / t for (t, _), (p, _) in zip(threads, processes, strict=True)]),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
