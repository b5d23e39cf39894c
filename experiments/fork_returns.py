"""fork() is called once and returns twice: what does it return in the parent, and in the child?

Two looks. strace shows the forking server answer one client; on Linux fork() is the system call
clone(). What it returns in the parent is in the trace. What it returns in the child is not: strace
begins to follow the child after that. So a small program calls fork() of libc, and the child sends
its own value through a pipe.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from experiments._trace import Call, calls
from lab.claims import Claim, Experiment, Laboratory, Verdict

FORKS = ("clone", "clone3", "fork", "vfork")
STATUS = re.compile(r"WEXITSTATUS\(s\) == (\d+)")
OTHER = 7  # the status of the control's child

CLAIM = Claim(
    id="fork-returns",
    quote=(
        "fork returns 0 in the child process and non zero in the parent\n"
        "  • exit(0) to end the child process"
    ),
    if_true="0 in the child, the child's pid in the parent; the parent reads exit status 0.",
    if_false="The same value in both, or a value in the parent that is not the child's pid.",
    control="A child that ends with exit(7): its parent must read 7, or no status can be read.",
    knob="none: one fork() of the server, two of libc",
)


@dataclass(frozen=True)
class Fork:
    """A fork() of libc. `child`: its pid by getpid() in it. None: nothing came from the child."""

    in_parent: int
    in_child: int | None
    child: int | None
    exit_status: int


@dataclass(frozen=True)
class Served:
    """One request to the forking server, in the pids of its container.

    `answered_by`: the task that sent the answer. `exit_group`: what that task ended itself with.
    `waited_for`, `exit_status`: what wait4() gave the parent. None: not in the trace.
    """

    forks: int
    parent: int | None
    returned: int | None
    answered_by: int | None
    exit_group: int | None
    waited_for: int | None
    exit_status: int | None


@dataclass(frozen=True)
class Evidence:
    server: Served
    libc: Fork
    control: Fork


def gather(lab: Laboratory) -> Evidence:
    with lab.serve("forking") as guest, guest.traced() as lines:
        guest.ask()
        guest.until(lambda: not guest.children(), "the child has been waited for")
    with_zero, with_other = (lab.program("libc_fork", str(status)) for status in (0, OTHER))
    return Evidence(served(calls(lines)), Fork(**with_zero), Fork(**with_other))


def served(trace: list[Call]) -> Served:
    forks = [each for each in trace if each.name in FORKS and each.result]
    answers = [each for each in trace if each.name == "sendto" and "HTTP/1.1 200" in each.arguments]
    child = answers[0].task if answers else None
    ends = [each for each in trace if each.name == "exit_group" and each.task == child]
    waits = [each for each in trace if each.name == "wait4" and each.result]
    waited = next((each for each in waits if each.result == child), None)
    status = STATUS.search(waited.arguments) if waited else None
    return Served(
        forks=len(forks),
        parent=forks[0].task if forks else None,
        returned=forks[0].result if forks else None,
        answered_by=child,
        exit_group=ends[0].descriptor if ends else None,
        waited_for=waited.result if waited else None,
        exit_status=int(status[1]) if status else None,
    )


def unseen(seen: Evidence) -> str:
    """What a probe missed; empty where all have seen what they must."""
    server, libc = seen.server, seen.libc
    if seen.control.exit_status != OTHER:
        return "The parent of the child that ended with 7 did not read 7."
    if libc.in_child is None or libc.child is None:
        return "The child of libc's fork() sent nothing."
    if server.forks != 1 or server.answered_by in (None, server.parent):
        return "The trace does not show one fork and a child that answers."
    if server.exit_group is None or server.exit_status is None:
        return "The trace does not show how the child ended."
    return ""


def judge(seen: Evidence) -> Verdict:
    server, libc = seen.server, seen.libc
    if missed := unseen(seen):
        return Verdict("inconclusive", missed)
    if libc.in_child != 0:
        return Verdict("refuted", f"fork() returned {libc.in_child} in the child.")
    if libc.in_parent != libc.child or server.returned != server.answered_by:
        return Verdict("refuted", "fork() returned in the parent what is not the child's pid.")
    if (server.exit_group, server.exit_status, libc.exit_status) != (0, 0, 0):
        return Verdict("refuted", f"The child ended with status {server.exit_status}.")
    return Verdict(
        "supported",
        f"fork() returned 0 in the child and {libc.in_parent}, the child's pid, in the parent. In"
        f" the forking server it returned {server.returned} in the parent. Process"
        f" {server.answered_by} answered the client and ended with exit_group(0). The parent read"
        " status 0 by wait4().",
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge)
