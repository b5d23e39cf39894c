"""What the host's CPUs did, from /proc/stat (proc(5)): all that ran on them, whoever ran it.

A container's cgroup does not show everything that its server costs. The kernel's work in softirqs,
receiving packets above all, is charged to the task that it interrupts, or to none where the CPU was
idle. The CPU itself shows it: it was busy, or idle, or stolen.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from lab.host.machine import read
from lab.records.record import CpuTime

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ticks:
    """Of one CPU, since the host started."""

    user: int  # nice ones too
    system: int
    softirq: int
    irq: int
    idle: int  # waiting for a disk is idle too
    steal: int  # the hypervisor ran somebody else

    @property
    def busy(self) -> int:
        return self.user + self.system + self.softirq + self.irq

    @property
    def total(self) -> int:
        return self.busy + self.idle + self.steal


def ticks(stat: str) -> dict[int, Ticks]:
    """/proc/stat, by the CPU's number. Time spent in guests is part of `user` already."""
    found = {}
    for line in stat.splitlines():
        name, _, rest = line.partition(" ")
        number = name.removeprefix("cpu")
        if name.startswith("cpu") and number.isdigit():
            user, nice, system, idle, iowait, irq, softirq, steal = map(int, rest.split()[:8])
            found[int(number)] = Ticks(user + nice, system, softirq, irq, idle + iowait, steal)
    return found


def of(cpus: Collection[int], root: Path = Path("/")) -> CpuTime | None:
    """These CPUs together, now; None where the host does not tell of all of them."""
    found = ticks(read("proc/stat", root) or "")
    if not cpus or not set(cpus) <= found.keys():
        return None
    each = [found[cpu] for cpu in cpus]
    return CpuTime(
        count=len(each),
        idle_s=sum(cpu.idle for cpu in each) / TICKS_PER_S,
        steal_s=sum(cpu.steal for cpu in each) / TICKS_PER_S,
        user_s=sum(cpu.user for cpu in each) / TICKS_PER_S,
        softirq_s=sum(cpu.softirq for cpu in each) / TICKS_PER_S,
    )
