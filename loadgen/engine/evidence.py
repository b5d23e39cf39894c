"""Was the generator itself at its limit? What this process used, step by step of the window.

CPU time alone is blind where two processes share a core: the kernel's run delay tells how long this
one was runnable and waited (/proc/self/schedstat, of the thread that runs the loop). The lag says
how late the loop came to a timer due every 10 ms. Steal and pressure are the host's: of all CPUs,
and the same in the eyes of every worker.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from loadgen.engine.clock import clock
from loadgen.engine.timer import Timer

EVERY_S = 0.01
SELDOM = 10  # times as long at most between two looks, where workers share a CPU
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Evidence:
    """Of one step of the window."""

    wall_s: float
    cpu_s: float
    run_delay_s: float
    lags_us: list[int]
    steal_s: float | None
    pressure_s: float | None


@dataclass(frozen=True)
class _Reading:
    at_s: float
    cpu_s: float
    run_delay_s: float
    steal_s: float | None
    pressure_s: float | None


def _read() -> _Reading:
    stat = _text("/proc/stat").partition("\n")[0].split()
    delay = _text("/proc/self/schedstat").split()
    total = _text("/proc/pressure/cpu").partition("\n")[0].partition("total=")[2]
    return _Reading(
        at_s=clock(),
        cpu_s=time.process_time(),
        run_delay_s=int(delay[1]) / 1e9 if len(delay) > 1 else 0.0,
        steal_s=int(stat[8]) / TICKS_PER_S if len(stat) > 8 else None,
        pressure_s=int(total) / 1e6 if total.isdigit() else None,
    )


def _text(path: str) -> str:
    """Nothing where the kernel keeps no such account."""
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""


def _grown(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else round(after - before, 6)


def every_s(processes: int) -> float:
    """How often to look: each 10 ms where each of the processes has a CPU; where many share one,
    more seldom, or looking would be all that they do."""
    crowd = -(-processes // len(os.sched_getaffinity(0)))
    return EVERY_S * min(crowd, SELDOM)


class Observer:
    """Looks now and then, and at the edges of steps, calling `look` with the instant each time;
    `look` tells when the next edge is. `turn` ends a step."""

    def __init__(self, look: Callable[[float], float], every_s: float = EVERY_S) -> None:
        self.steps: list[Evidence] = []
        self._look = look
        self._every_s = every_s
        self._lags_us: list[int] = []
        self._before: _Reading | None = None
        self._timer = Timer(self._ring)
        self._due_s = clock() + every_s
        self._timer.at(self._due_s)

    def open(self) -> None:
        self._before = _read()
        self._lags_us = []

    def turn(self) -> None:
        """What was used since `open`, or since the last turn."""
        before, now = self._before, _read()
        assert before is not None
        self.steps.append(
            Evidence(
                wall_s=now.at_s - before.at_s,
                cpu_s=now.cpu_s - before.cpu_s,
                run_delay_s=now.run_delay_s - before.run_delay_s,
                lags_us=self._lags_us,
                steal_s=_grown(before.steal_s, now.steal_s),
                pressure_s=_grown(before.pressure_s, now.pressure_s),
            )
        )
        self._before, self._lags_us = now, []

    def stop(self) -> None:
        self._timer.stop()

    def _ring(self) -> None:
        now_s = clock()
        if now_s >= self._due_s:
            self._lags_us.append(int((now_s - self._due_s) * 1e6))
            self._due_s = max(self._due_s + self._every_s, now_s)
        self._timer.at(min(self._due_s, self._look(now_s)))
