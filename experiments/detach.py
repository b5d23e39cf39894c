"""A thread that has ended still holds its stack, until somebody joins it, unless it is detached.

A hundred threads are created, and each ends at once. The kernel's task is gone then; what may stay
is address space: VmSize in /proc/self/status. pthread_create() is called through libc, because
Python detaches its threads by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.claims import Bars, Claim, Experiment, Guest, Laboratory, Verdict

THREADS = 100
STACK_LEAST_BYTES = 64 * 1024
MOST = 0.25  # of what a hundred living threads hold: glibc keeps some free stacks for the next
LEAST = 0.75

CLAIM = Claim(
    id="detach",
    quote="pthread+detatch(pthread_self()) to detach from the main thread",
    if_true="Threads never joined leave their stacks behind, detached ones do not.",
    if_false="Detached threads leave as much behind as those never joined.",
    control="A hundred threads that live: the probe must see a hundred tasks and their stacks.",
    knob="what becomes of a thread: never joined, joined, detached; beside them Python's own",
)


@dataclass(frozen=True)
class Left:
    """After a hundred threads: tasks besides the main one, and growth of the address space."""

    tasks: int
    address_bytes: int


@dataclass(frozen=True)
class Evidence:
    """`server`: the threaded model after as many clients, each on a thread of its own.
    `server_living`: while as many clients stay."""

    living: Left
    unjoined: Left
    joined: Left
    detached: Left
    python: Left
    server: Left
    server_living: Left


def gather(lab: Laboratory) -> Evidence:
    kinds = ("living", "unjoined", "joined", "detached", "python")
    left = {kind: Left(**lab.program("ended_threads", kind, str(THREADS))) for kind in kinds}
    with lab.serve("threaded") as guest:
        # First all at once: what malloc() reserves for threads that run side by side stays.
        alone = _address_bytes(guest)
        clients = [guest.connect() for _ in range(THREADS)]
        guest.until(lambda: len(guest.threads()) > THREADS, "a thread for each client")
        living = Left(len(guest.threads()) - 1, _address_bytes(guest) - alone)
        for client in clients:
            client.close()
        guest.until(lambda: len(guest.threads()) == 1, "the threads have ended")
        before = _address_bytes(guest)
        for _ in range(THREADS):
            guest.ask()
        guest.until(lambda: len(guest.threads()) == 1, "the threads have ended")
        server = Left(len(guest.threads()) - 1, _address_bytes(guest) - before)
    return Evidence(**left, server=server, server_living=living)


def _address_bytes(guest: Guest) -> int:
    return int(guest.status()["VmSize"].split()[0]) * 1024


def unseen(seen: Evidence) -> str:
    """What a control did not show; empty where all hold."""
    stacks = seen.living.address_bytes
    for each in (seen.living, seen.server_living):
        if each.tasks != THREADS or each.address_bytes < THREADS * STACK_LEAST_BYTES:
            return "The stacks of a hundred living threads were not seen."
    if any(each.tasks for each in (seen.unjoined, seen.joined, seen.detached, seen.server)):
        return "Not every thread had ended."
    if seen.joined.address_bytes > MOST * stacks:
        return "Even joined threads left their stacks."
    if seen.unjoined.address_bytes < LEAST * stacks:
        return "Threads that nobody joined left no stacks behind."
    return ""


def judge(seen: Evidence) -> Verdict:
    stacks = seen.living.address_bytes
    if missed := unseen(seen):
        return Verdict("inconclusive", missed)
    if seen.detached.address_bytes > MOST * stacks:
        return Verdict("refuted", f"Detached threads left {_mb(seen.detached)} MB.")
    return Verdict(
        "supported",
        f"{THREADS} ended threads that nobody joined kept {_mb(seen.unjoined)} MB of address space,"
        f" their stacks. Detached ones kept {_mb(seen.detached)} MB, joined ones"
        f" {_mb(seen.joined)} MB. Python detaches its threads by itself: they kept"
        f" {_mb(seen.python)} MB, and those of the threaded server {_mb(seen.server)} MB."
        " (The call is pthread_detach().)",
    )


def _mb(left: Left) -> str:
    return f"{left.address_bytes / 1e6:.0f}"


def bars(seen: Evidence) -> Bars:
    kinds = (
        ("alive", seen.living),
        ("ended, not joined", seen.unjoined),
        ("ended, joined", seen.joined),
        ("ended, detached", seen.detached),
        ("ended, Python's own", seen.python),
    )
    return Bars(
        f"Address space of {THREADS} threads",
        "MB",
        tuple((label, left.address_bytes / 1e6) for label, left in kinds),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
