"""Does a mutex around accept() avoid the thundering herd?

Eight pre-made threads wait for clients, who come one at a time, when all threads sleep again. With
the mutex one thread waits for a client and seven wait for the mutex. Without it all eight wait for
the client, in accept() itself or by poll(). A thread that wakes and sleeps again makes a voluntary
context switch; the kernel counts them in /proc/PID/task/TID/status.
"""

from __future__ import annotations

from dataclasses import dataclass

from experiments._herd import CLIENTS, WORKERS, switches_per_client
from lab.claims import Bars, Claim, Experiment, Laboratory, Task, Verdict

FEW = WORKERS / 2  # switches for a client: who serves it, who waits next, and for the interpreter
HERD = 0.75 * WORKERS  # at least three quarters of the threads woke

CLAIM = Claim(
    id="accept-mutex",
    quote="The above avoids the thundering herd problem.",
    if_true="Without the mutex a client wakes all eight threads, with it one or two.",
    if_false="As many wake with the mutex as without.",
    control="Without the mutex, threads that wait by poll() must all wake, or the probe sees no"
    " herd.",
    knob="accept_mutex: on or off; each with accept_wait=block and with poll",
)


@dataclass(frozen=True)
class Woken:
    """`switches`: voluntary ones of all workers, for a client."""

    threads: int
    answered: int
    switches: float


@dataclass(frozen=True)
class Evidence:
    """By the mutex and by the way the threads wait."""

    off_block: Woken
    on_block: Woken
    off_poll: Woken
    on_poll: Woken


def gather(lab: Laboratory) -> Evidence:
    return Evidence(
        off_block=woken(lab, "off", "block"),
        on_block=woken(lab, "on", "block"),
        off_poll=woken(lab, "off", "poll"),
        on_poll=woken(lab, "on", "poll"),
    )


def woken(lab: Laboratory, mutex: str, way: str) -> Woken:
    settings = {"accept_mutex": mutex, "accept_wait": way, "workers": str(WORKERS)}
    with lab.serve("prethreaded", **settings) as guest:

        def workers() -> list[Task]:
            """Without the main thread, which looks after them once a second."""
            return [each for each in guest.threads() if each.pid != guest.pid]

        switches, answered = switches_per_client(guest, workers)
        return Woken(threads=len(workers()), answered=answered, switches=switches)


def unseen(seen: Evidence) -> str:
    """What a control did not show; empty where all hold."""
    every = (seen.off_block, seen.on_block, seen.off_poll, seen.on_poll)
    if any((each.threads, each.answered) != (WORKERS, CLIENTS) for each in every):
        return "Not all of eight threads and forty clients were seen."
    if min(each.switches for each in every) < 1 or seen.off_poll.switches < HERD:
        return "The herd that poll() has to wake was not seen."
    return ""


def judge(seen: Evidence) -> Verdict:
    if missed := unseen(seen):
        return Verdict("inconclusive", missed)
    poll = (
        f"{seen.off_poll.switches:.1f} switches per client without the mutex, {_on(seen.on_poll)}"
    )
    if max(seen.on_poll.switches, seen.on_block.switches) > HERD:
        return Verdict("refuted", f"The herd wakes with the mutex too: {poll}.")
    if max(seen.on_poll.switches, seen.on_block.switches) > FEW:
        return Verdict("inconclusive", f"With the mutex some threads wake, but not all: {poll}.")
    if seen.off_block.switches > HERD:
        return Verdict(
            "supported",
            f"Threads blocked in accept() make {seen.off_block.switches:.1f} switches for a client"
            f" without the mutex, {_on(seen.on_block)}; threads that wait by poll() {poll}.",
        )
    if seen.off_block.switches > FEW:
        return Verdict("inconclusive", "Blocked in accept(), some threads wake, but not all.")
    return Verdict(
        "refined",
        f"True of threads that wait by poll(): {poll}. Threads that block in accept() have no herd"
        f" to avoid, because Linux wakes one of them: {seen.off_block.switches:.1f} switches"
        f" without the mutex, {_on(seen.on_block)}. (What the mutex guards is accept().)",
    )


def _on(woken_with: Woken) -> str:
    return f"{woken_with.switches:.1f} with it"


def bars(seen: Evidence) -> Bars:
    return Bars(
        "Context switches of eight threads for each client",
        "switches",
        (
            ("accept(), no mutex", seen.off_block.switches),
            ("accept(), mutex", seen.on_block.switches),
            ("poll(), no mutex", seen.off_poll.switches),
            ("poll(), mutex", seen.on_poll.switches),
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
