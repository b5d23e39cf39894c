"""Who works in a pre-forked server: the children, made in advance, or their parent?

The children are counted before the first client connects. strace shows which process calls
accept(). Then two hundred clients come one after the other, and /proc/PID shows what the parent and
the children did meanwhile: CPU time, and voluntary context switches, one at least for each wait.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from experiments._trace import FIRST, Call, calls
from lab.claims import Bars, Claim, Experiment, Guest, Laboratory, Verdict

WORKERS = 8
TRACED = 16
SETTLED_S = 0.5  # for a parent to have made whom it makes in advance
TIMER_S = 1.2  # the parent wakes once a second and looks after its children
CLIENTS = 200
PAUSED = 0.05  # switches for a client: the parent's timer fires once a second
PAUSED_CPU_S = 0.03  # three ticks, the least that can be told from none

CLAIM = Claim(
    id="prefork-workers",
    quote=(
        "We create child processes (workers) before we start accepting requests. Each of them is"
        " basically an iterative server\n"
        "  • Server loop i.e. accept() is called from within the child process.\n"
        "  • The parent process is paused."
    ),
    if_true="The children are there before the first client; they alone accept; the parent sleeps.",
    if_false="Children come with the clients, or the parent accepts.",
    control="The parent of the forking model, which does accept: the probe must see it wake for"
    " each client.",
    knob="model: preforked or forking",
)


@dataclass(frozen=True)
class Accepts:
    """accept() calls that gave a client. `parent_calls`: the names of all calls of the parent."""

    by_parent: int
    by_children: int
    children: int  # how many of them accepted
    parent_calls: tuple[str, ...]


@dataclass(frozen=True)
class Burst:
    """Two hundred clients. Of the children there at the end, the same ones and new ones."""

    connections_before: int
    children_before: int
    same_children: int
    new_children: int
    answered: int
    parent_cpu_s: float
    parent_switches: int
    children_switches: int
    busy_children: int  # those that switched at all


@dataclass(frozen=True)
class Evidence:
    accepts: Accepts
    preforked: Burst
    forking: Burst


def gather(lab: Laboratory) -> Evidence:
    with lab.serve("preforked", workers=str(WORKERS)) as guest:
        time.sleep(SETTLED_S)
        preforked = burst(guest)
        with guest.traced() as lines:
            for _ in range(TRACED):
                guest.ask()
            time.sleep(TIMER_S)
    with lab.serve("forking") as guest:
        forking = burst(guest)
    return Evidence(accepts(calls(lines)), preforked, forking)


def burst(guest: Guest) -> Burst:
    ours = [each for each in guest.sockets() if each.local_port == guest.address[1]]
    children = {child.pid: child.voluntary for child in guest.children()}
    parent = guest.main()
    answered = sum(guest.ask().status == 200 for _ in range(CLIENTS))
    after = {child.pid: child.voluntary for child in guest.children()}
    parent_after = guest.main()
    switched = {pid: after[pid] - children[pid] for pid in children.keys() & after.keys()}
    assert parent
    assert parent_after
    return Burst(
        connections_before=sum(each.state != "LISTEN" for each in ours),
        children_before=len(children),
        same_children=len(switched),
        new_children=len(after) - len(switched),
        answered=answered,
        parent_cpu_s=round(parent_after.cpu_s - parent.cpu_s, 3),
        parent_switches=parent_after.voluntary - parent.voluntary,
        children_switches=sum(switched.values()),
        busy_children=sum(each > 0 for each in switched.values()),
    )


def accepts(trace: list[Call]) -> Accepts:
    tasks = [each.task for each in trace if each.name == "accept4" and (each.result or -1) >= 0]
    return Accepts(
        by_parent=tasks.count(FIRST),
        by_children=sum(task != FIRST for task in tasks),
        children=len(set(tasks) - {FIRST}),
        parent_calls=tuple(sorted({each.name for each in trace if each.task == FIRST})),
    )


def unseen(seen: Evidence) -> str:
    """What a probe missed; empty where all have seen what they must."""
    ours, other, trace = seen.preforked, seen.forking, seen.accepts
    if other.answered < CLIENTS or other.parent_switches < CLIENTS:
        return "The forking parent at work was not seen to wake for each client."
    if ours.answered < CLIENTS or trace.by_parent + trace.by_children < TRACED:
        return "Not every client was answered, or seen in the trace."
    if not trace.parent_calls:
        return "The trace did not follow the parent."
    if ours.connections_before:
        return "A client had come before the children were counted."
    if not ours.children_before + ours.new_children:
        return "No children were seen."
    return ""


def judge(seen: Evidence) -> Verdict:
    ours, other, trace = seen.preforked, seen.forking, seen.accepts
    if missed := unseen(seen):
        return Verdict("inconclusive", missed)
    if ours.children_before != WORKERS or ours.same_children != WORKERS:
        return Verdict(
            "refuted",
            f"{ours.children_before} children were there before the first client, and"
            f" {ours.same_children} of them at the end.",
        )
    if trace.by_parent:
        return Verdict("refuted", f"The parent accepted {trace.by_parent} of {TRACED} clients.")
    if ours.children_switches < CLIENTS or ours.busy_children < 2:
        return Verdict("inconclusive", "The children at work were not seen to wake.")
    if ours.parent_switches > PAUSED * CLIENTS or ours.parent_cpu_s > PAUSED_CPU_S:
        return Verdict(
            "refuted",
            f"The parent was not paused: {ours.parent_switches} switches and"
            f" {ours.parent_cpu_s:.2f} s of CPU for {CLIENTS} clients.",
        )
    return Verdict(
        "supported",
        f"{WORKERS} children were there before the first connection, and the same ones after"
        f" {CLIENTS} clients. Only children called accept() ({trace.children} of them took"
        f" {trace.by_children} clients); all that the parent called was"
        f" {' and '.join(trace.parent_calls)}. While {CLIENTS} clients came it woke"
        f" {ours.parent_switches} times and used {ours.parent_cpu_s:.2f} s of CPU; the forking"
        f" parent woke {other.parent_switches} times and used {other.parent_cpu_s:.2f} s.",
    )


def bars(seen: Evidence) -> Bars:
    return Bars(
        f"Context switches for {CLIENTS} clients",
        "switches",
        (
            ("pre-forked: parent", seen.preforked.parent_switches),
            ("pre-forked: children", seen.preforked.children_switches),
            ("forking: parent", seen.forking.parent_switches),
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
