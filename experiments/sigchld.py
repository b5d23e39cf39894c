"""Linux reaps a child whose SIGCHLD is not handled.

There are two ways not to handle SIGCHLD: leave its default action (SIG_DFL), or ignore it on
purpose (SIG_IGN). The default action is to do nothing, and the child stays a zombie. Only with
SIG_IGN does the kernel reap by itself (wait(2), POSIX.1-2001).
"""

from __future__ import annotations

from dataclasses import dataclass

from experiments._children import CLIENTS, Burst, burst
from lab.claims import Bars, Claim, Experiment, Laboratory, Verdict

CLAIM = Claim(
    id="sigchld",
    quote=(
        "If we don’t handle SIGCHLD which is the signal sent when the child dies, linux reaps the"
        " child but it is not portable across other operating systems."
    ),
    if_true="No zombie stays, in whichever way the parent does not handle SIGCHLD.",
    if_false="In one of the two ways they stay zombies until the parent waits.",
    control="The same ten children under a parent that handles SIGCHLD: ten zombies while it is"
    " stopped, none when it has gone on.",
    knob="reap: never (SIG_DFL), ignore (SIG_IGN), loop (a handler that waits)",
)


@dataclass(frozen=True)
class Evidence:
    """A burst for each disposition of SIGCHLD."""

    default: Burst
    ignored: Burst
    handled: Burst


def gather(lab: Laboratory) -> Evidence:
    return Evidence(burst(lab, "never"), burst(lab, "ignore"), burst(lab, "loop"))


def judge(seen: Evidence) -> Verdict:
    begun = {seen.default.begun, seen.ignored.begun, seen.handled.begun}
    if begun != {CLIENTS} or seen.handled.while_stopped != CLIENTS or seen.handled.left:
        return Verdict(
            "inconclusive", "The handler's ten zombies did not come and go as they had to."
        )
    if seen.ignored.left:
        return Verdict("refuted", f"Even with SIG_IGN {seen.ignored.left} of ten stayed zombies.")
    if seen.default.left:
        return Verdict(
            "refined",
            "True only if SIGCHLD is ignored on purpose (SIG_IGN): then none of ten stayed. With"
            f" the default action, SIG_DFL, {seen.default.left} of ten stayed zombies.",
        )
    return Verdict("supported", "No zombie stayed, neither with SIG_DFL nor with SIG_IGN.")


def bars(seen: Evidence) -> Bars:
    return Bars(
        "Zombies left by ten children that ended at once",
        "processes",
        (
            ("SIG_DFL", seen.default.left),
            ("SIG_IGN", seen.ignored.left),
            ("handler that waits", seen.handled.left),
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
