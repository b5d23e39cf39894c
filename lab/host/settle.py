"""Waits, bounded, until the host has calmed down after the trial before.

Three things can hurt the next trial: connections that conntrack still remembers (a full table drops
packets in silence), the load's own sockets in TIME_WAIT, whose ports it cannot use again, and
whoever still computes on the CPUs of server and load, such as Docker clearing up. That is looked at
over a fifth of a second, since the load average of a minute tells what was and not what is. A calm
host costs no more than that; one that others keep busy is not waited for long, and is recorded. At
the end it is timed how fast the CPUs are (spin.py).
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from lab.host.cpu_speed import spin_us
from lab.host.cpu_time import Ticks, ticks
from lab.host.machine import read
from lab.records.record import Settling

PATIENCE_S = 60.0  # TIME_WAIT lasts as long
CPU_PATIENCE_S = 5.0  # Docker is done long before; a busy neighbour would outlast any patience
SAMPLE_S = 0.2  # twenty of the kernel's ticks: shares to the nearest twentieth
CONNTRACK_SHARE = 0.5  # of the table: a trial may add as much again
TIME_WAIT = 20_000  # of some 64,000 local ports
CPU_BUSY = 0.25  # of one CPU: a daemon's chores stay below, a process at work does not


@dataclass(frozen=True)
class Patience:
    """How long to wait: for the network's tables, and for the CPUs."""

    network_s: float = PATIENCE_S
    cpu_s: float = CPU_PATIENCE_S


def settle(
    load_pid: int | None,
    cpus: Collection[int],
    root: Path = Path("/"),
    patience: Patience | None = None,
) -> Settling:
    """`load_pid`: a process of the load's network namespace. `cpus`: of server and load."""
    patience = patience or Patience()
    began_s = time.monotonic()
    while True:
        now = look(load_pid, cpus, root)
        waited_s = time.monotonic() - began_s
        bound_s = patience.cpu_s if network_calm(now) else patience.network_s
        if now.calm or waited_s >= bound_s:
            found = {"waited_s": round(waited_s, 3), "spin_us": spin_us(cpus)}
            return now.model_copy(update=found)


def look(load_pid: int | None, cpus: Collection[int], root: Path) -> Settling:
    """The host as it is, over SAMPLE_S. What it does not tell counts as calm."""
    before = ticks(read("proc/stat", root) or "")
    time.sleep(SAMPLE_S)
    after = ticks(read("proc/stat", root) or "")
    shares = [share for cpu in cpus if cpu in before and (share := _share(before[cpu], after[cpu]))]
    sockets = read(f"proc/{load_pid}/net/sockstat", root) if load_pid else None
    load = read("proc/loadavg", root)
    found = Settling(
        conntrack_count=_number(read("proc/sys/net/netfilter/nf_conntrack_count", root)),
        conntrack_max=_number(read("proc/sys/net/netfilter/nf_conntrack_max", root)),
        time_wait=_after(sockets or "", "tw"),
        load_1m=float(load.split()[0]) if load else None,
        cpu_busy=max((busy for busy, _ in shares), default=None),
        cpu_steal=max((steal for _, steal in shares), default=None),
    )
    calm = network_calm(found) and (found.cpu_busy or 0.0) <= CPU_BUSY
    return found.model_copy(update={"calm": calm})


def network_calm(now: Settling) -> bool:
    remembered = now.conntrack_count or 0
    room = remembered <= CONNTRACK_SHARE * (now.conntrack_max or 1 << 30)
    return room and (now.time_wait or 0) <= TIME_WAIT


def _share(before: Ticks, after: Ticks) -> tuple[float, float] | None:
    """Busy and stolen, of the time between; None where none went by."""
    total = after.total - before.total
    if total <= 0:
        return None
    return (
        round((after.busy - before.busy) / total, 3),
        round((after.steal - before.steal) / total, 3),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _after(text: str, name: str) -> int | None:
    words = text.split()
    return _number(words[words.index(name) + 1]) if name in words else None
