"""Ctrl-C is the signal SIGINT, and a process may ignore it.

Two looks. A child on a terminal of its own (a pty) is sent the byte of Ctrl-C by the keyboard's
side, once with SIGINT left alone (SIG_DFL), once ignored (SIG_IGN). Then a server is sent SIGINT,
with each of the two values of its setting `sigint`. SigIgn in /proc/PID/status shows what the
kernel will do, the exit code what it did.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass

from lab.claims import Claim, Experiment, Guest, Laboratory, Verdict

LIVES_S = 1.0  # many times what the end of an idle server takes

CLAIM = Claim(
    id="sigint",
    quote="Ignoring a signal signal(SIGINT, SIG_IGN) : SIGINT = ctrl + c",
    if_true="Ctrl-C and SIGINT end the process that does not ignore them, and leave the other be.",
    if_false="Both end, or Ctrl-C is no SIGINT.",
    control="The process that does not ignore SIGINT must end by it, and strace must show SIGINT"
    " arrive at the server that ignores it.",
    knob="SIGINT: SIG_DFL or SIG_IGN; the server's own setting: sigint=drain or ignore",
)


@dataclass(frozen=True)
class CtrlC:
    """`ended_by`: the signal's name; empty where the child went on and ended as it was asked."""

    ended_by: str


@dataclass(frozen=True)
class Sent:
    """A server that was sent SIGINT. `exit_code`: None where it went on."""

    ignored: bool  # the kernel's mask has it
    exit_code: int | None
    answers: bool  # to a client afterwards


@dataclass(frozen=True)
class Evidence:
    """`arrived`: SIGINTs that strace saw at the server that ignores it. `sigterm_code`: how that
    one ended in the end, by SIGTERM."""

    terminal_default: CtrlC
    terminal_ignored: CtrlC
    drain: Sent
    ignore: Sent
    arrived: int
    sigterm_code: int | None


def gather(lab: Laboratory) -> Evidence:
    default, ignored = (CtrlC(**each) for each in lab.program("ctrl_c"))
    with lab.serve("iterative", sigint="drain") as guest:
        drain = sent(guest)
    with lab.serve("iterative", sigint="ignore") as guest:
        with guest.traced() as lines:
            ignore = sent(guest)
        arrived = sum(" --- SIGINT " in line for line in lines)
        guest.signal("SIGTERM")
        return Evidence(default, ignored, drain, ignore, arrived, guest.exit_code())


def sent(guest: Guest) -> Sent:
    mask = int(guest.status().get("SigIgn", "0"), 16)
    guest.signal("SIGINT")
    code = guest.exit_code(within_s=LIVES_S)
    return Sent(bool(mask >> (signal.SIGINT - 1) & 1), code, guest.answers(LIVES_S))


def unseen(seen: Evidence) -> str:
    """What a control did not show; empty where all hold."""
    if seen.terminal_default.ended_by != "SIGINT":
        return "Ctrl-C did not end the child that leaves SIGINT alone."
    if seen.drain.exit_code is None or seen.drain.answers:
        return "SIGINT did not end the server that heeds it."
    if seen.drain.ignored or not seen.ignore.ignored:
        return "The kernel's mask of ignored signals does not follow the setting."
    return "" if seen.arrived else "SIGINT was not seen to arrive at the server that ignores it."


def judge(seen: Evidence) -> Verdict:
    if missed := unseen(seen):
        return Verdict("inconclusive", missed)
    if seen.terminal_ignored.ended_by:
        return Verdict("refuted", f"SIG_IGN was set, and {seen.terminal_ignored.ended_by} came.")
    if seen.ignore.exit_code is not None or not seen.ignore.answers:
        return Verdict("refuted", f"The server ignored SIGINT and ended: {seen.ignore.exit_code}.")
    return Verdict(
        "supported",
        "Ctrl-C ended a child by SIGINT, and one with SIG_IGN went on. SIGINT ended the server that"
        f" heeds it, with exit code {seen.drain.exit_code}. The one that ignores it got the signal"
        f" and answered the next client; SIGTERM ended it with {seen.sigterm_code}.",
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge)
