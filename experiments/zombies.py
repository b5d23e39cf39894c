"""A child that has ended stays a zombie until its parent waits for it.

Ten children of the forking model end at the same moment. The setting `reap` says what the parent
does on SIGCHLD: wait for all that ended, for one, or for none. /proc/PID/stat shows who is left.
"""

from __future__ import annotations

from dataclasses import dataclass

from experiments._children import CLIENTS, Burst, burst
from lab.claims import Bars, Claim, Experiment, Laboratory, Verdict

CLAIM = Claim(
    id="zombies",
    quote=(
        "After a child process dies it stays around in a zombie state (still has the process entry"
        " in the process table). The wait() family of system calls is used by the parent process to"
        " read children : get their return status, do system accounting and remove from process"
        " table."
    ),
    if_true="Ten zombies stay where the parent never waits, none where it waits for each.",
    if_false="They go by themselves, or stay although the parent has waited.",
    control="While the parent is stopped it can wait for nobody: the probe must see ten zombies.",
    knob="reap: never, once for each signal, or in a loop",
)


@dataclass(frozen=True)
class Evidence:
    """A burst for each way to reap."""

    never: Burst
    once: Burst
    loop: Burst


def gather(lab: Laboratory) -> Evidence:
    return Evidence(burst(lab, "never"), burst(lab, "once"), burst(lab, "loop"))


def judge(seen: Evidence) -> Verdict:
    if not all(each.while_stopped == CLIENTS for each in (seen.never, seen.once, seen.loop)):
        return Verdict(
            "inconclusive", "The probe did not see the ten zombies that had to be there."
        )
    if seen.never.left < CLIENTS:
        return Verdict("refuted", f"Nobody waited, and only {seen.never.left} of ten stayed.")
    if seen.loop.left:
        return Verdict("refuted", f"The parent waited in a loop, and {seen.loop.left} stayed.")
    return Verdict(
        "supported",
        "Ten children that nobody waits for stay ten zombies; a parent that waits in a loop leaves"
        f" none. Waiting once for each SIGCHLD left {seen.once.left}: signals that come together"
        " are one signal.",
    )


def bars(seen: Evidence) -> Bars:
    return Bars(
        "Zombies left by ten children that ended at once",
        "processes",
        (
            ("never waits", seen.never.left),
            ("once for each signal", seen.once.left),
            ("in a loop", seen.loop.left),
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
