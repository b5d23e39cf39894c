"""Waits, bounded, until the host has calmed down after the trial before.

Two things of one trial can hurt the next: connections that conntrack still remembers (a full table
drops packets in silence), and the load's own sockets in TIME_WAIT, whose ports it cannot use again.
"""

from __future__ import annotations

import time
from pathlib import Path

from lab.machine import read
from lab.record import Settling

PATIENCE_S = 60.0  # TIME_WAIT lasts as long
EVERY_S = 0.5
CONNTRACK_SHARE = 0.5  # of the table: a trial may add as much again
TIME_WAIT = 20_000  # of some 64,000 local ports


def settle(
    load_pid: int | None, root: Path = Path("/"), patience_s: float = PATIENCE_S
) -> Settling:
    """`load_pid`: a process of the network namespace that the load lives in."""
    began_s = time.monotonic()
    while True:
        now = look(load_pid, root)
        waited_s = time.monotonic() - began_s
        if now.calm or waited_s >= patience_s:
            return now.model_copy(update={"waited_s": round(waited_s, 3)})
        time.sleep(EVERY_S)


def look(load_pid: int | None, root: Path) -> Settling:
    """The host as it is. What it does not tell counts as calm."""
    count = _number(read("proc/sys/net/netfilter/nf_conntrack_count", root))
    limit = _number(read("proc/sys/net/netfilter/nf_conntrack_max", root))
    sockets = read(f"proc/{load_pid}/net/sockstat", root) if load_pid else None
    waiting = _after(sockets or "", "tw")
    load = read("proc/loadavg", root)
    return Settling(
        conntrack_count=count,
        conntrack_max=limit,
        time_wait=waiting,
        load_1m=float(load.split()[0]) if load else None,
        calm=(count or 0) <= CONNTRACK_SHARE * (limit or 1 << 30) and (waiting or 0) <= TIME_WAIT,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _after(text: str, name: str) -> int | None:
    words = text.split()
    return _number(words[words.index(name) + 1]) if name in words else None
