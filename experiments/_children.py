"""Children of the forking model that all end while their parent is stopped."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lab.claims import Guest, Laboratory

CLIENTS = 10
SETTLED_S = 0.3  # for a parent that goes on to have reaped whom it will


@dataclass(frozen=True)
class Burst:
    """Zombies while the parent was stopped, and those that it left when it had gone on."""

    begun: int
    while_stopped: int
    left: int


def burst(lab: Laboratory, reap: str) -> Burst:
    """Ten children for ten clients, who all leave at once. A stopped process handles no signal,
    so their ten SIGCHLD become one pending signal."""
    with lab.serve("forking", reap=reap) as guest:
        clients = [guest.connect() for _ in range(CLIENTS)]
        guest.until(lambda: len(guest.children()) == CLIENTS, f"{CLIENTS} children")
        begun = len(guest.children())
        guest.stop()
        for client in clients:
            client.close()
        guest.until(lambda: _states(guest) <= {"Z"}, "every child has ended")
        stopped = _zombies(guest)
        guest.signal("SIGCONT")
        time.sleep(SETTLED_S)
        return Burst(begun, stopped, _zombies(guest))


def _states(guest: Guest) -> set[str]:
    return {child.state for child in guest.children()}


def _zombies(guest: Guest) -> int:
    return sum(child.state == "Z" for child in guest.children())
