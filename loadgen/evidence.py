"""Was the generator itself at its limit? What this process used between the window's edges.

CPU time alone is blind where two processes share a core: the kernel's run delay tells how long this
one was runnable and waited (/proc/self/schedstat, of the thread that runs the loop). The lag says
how late the loop came to a timer due every 10 ms; gevent's timers have 1 ms of grain, so below that
it says nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import gevent

from loadgen.wire import clock

LAG_EVERY_S = 0.01


def _run_delay_s() -> float:
    """0 where the kernel keeps no such account."""
    try:
        return int(Path("/proc/self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


@dataclass(frozen=True)
class Evidence:
    cpu_s: float
    wall_s: float
    run_delay_s: float
    lag_p99_us: int
    lag_max_us: int


class Observer:
    """Between `open` and `close`: call both from the loop, at the window's edges."""

    def __init__(self) -> None:
        self._lags_us: list[int] = []
        self._start = (0.0, 0.0, 0.0)
        self._watch: gevent.Greenlet[[], None] | None = None

    def open(self) -> None:
        self._start = (time.process_time(), _run_delay_s(), clock())
        self._watch = gevent.spawn(self._look)

    def close(self) -> Evidence:
        if self._watch is not None:
            self._watch.kill()
        cpu_s, run_delay_s, began_s = self._start
        lags = sorted(self._lags_us) or [0]
        return Evidence(
            cpu_s=time.process_time() - cpu_s,
            wall_s=clock() - began_s,
            run_delay_s=_run_delay_s() - run_delay_s,
            lag_p99_us=lags[(len(lags) - 1) * 99 // 100],
            lag_max_us=lags[-1],
        )

    def _look(self) -> None:
        while True:
            due_s = clock() + LAG_EVERY_S
            gevent.sleep(LAG_EVERY_S)
            self._lags_us.append(max(0, int((clock() - due_s) * 1e6)))
