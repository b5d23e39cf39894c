"""How many of the workers that wait for a client wake when one comes.

A worker that wakes and sleeps again makes a voluntary context switch; the kernel counts them in
/proc. The clients come one at a time, each when all workers sleep again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab.claims import Guest, Task

WORKERS = 8
CLIENTS = 40


def switches_per_client(guest: Guest, workers: Callable[[], Sequence[Task]]) -> tuple[float, int]:
    """Voluntary switches of all workers for a client, and how many clients were answered."""

    def asleep() -> bool:
        found = workers()
        return len(found) == WORKERS and all(each.state == "S" for each in found)

    def switches() -> int:
        return sum(each.voluntary for each in workers())

    guest.until(asleep, f"{WORKERS} workers asleep")
    before, answered = switches(), 0
    for _ in range(CLIENTS):
        answered += guest.ask().status == 200
        guest.until(asleep, "all asleep again")
    return (switches() - before) / CLIENTS, answered
