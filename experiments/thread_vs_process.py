"""Is a thread cheaper to create than a process, and by how much?

At libc level: pthread_create() and pthread_join() against fork() and waitpid(), in turns, in a
process of little memory and again in one that holds 100 MB more: fork() copies the page tables, a
thread shares them. Then in the servers: the CPU time of an answer on a connection of its own, from
the cgroup. The iterative model creates nothing, so what the others take more is their workers'.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from lab.claims import Bars, Claim, Experiment, Guest, Laboratory, Verdict

PAIRS = 400
BALLAST_MB = 100
BATCHES, CLIENTS = 7, 40
HELD = 40

CLAIM = Claim(
    id="thread-vs-process",
    quote="the overhead for creating a thread is less than the overhead for creating a process.",
    if_true="The thread takes less time and less CPU, the interval of the ratio above one.",
    if_false="The thread takes as much or more.",
    control="Every thread must return the pid that it runs under, its creator's; every child must"
    " have been waited for. A server that creates must cost more than the iterative one.",
    knob="what is created: a thread or a process",
)


@dataclass(frozen=True)
class Spread:
    """A median and its 95 % interval."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Created:
    """`ratio`: fork() over pthread_create(), pair by pair."""

    memory_bytes: int
    threads_ran: int
    children_ran: int
    thread_us: Spread
    process_us: Spread
    ratio: Spread


@dataclass(frozen=True)
class Served:
    """A model: CPU of an answer, least, median and most of seven batches; tasks and memory that
    forty clients who stayed have brought."""

    least_us: float
    mid_us: float
    most_us: float
    workers: int
    worker_bytes: float


@dataclass(frozen=True)
class Evidence:
    small: Created
    large: Created
    iterative: Served
    threaded: Served
    forking: Served


def gather(lab: Laboratory) -> Evidence:
    return Evidence(
        small=created(lab, 0),
        large=created(lab, BALLAST_MB),
        iterative=served(lab, "iterative"),
        threaded=served(lab, "threaded"),
        forking=served(lab, "forking"),
    )


def created(lab: Laboratory, megabytes: int) -> Created:
    seen = lab.program("create_and_finish", str(PAIRS), str(megabytes))
    return Created(
        memory_bytes=seen["memory_bytes"],
        threads_ran=seen["threads_ran"],
        children_ran=seen["children_ran"],
        thread_us=Spread(**seen["thread_us"]),
        process_us=Spread(**seen["process_us"]),
        ratio=Spread(**seen["ratio"]),
    )


def served(lab: Laboratory, model: str) -> Served:
    with lab.serve(model) as guest:
        guest.ask()
        batches = [_cpu_us(guest) for _ in range(BATCHES)]
        workers, held = (0, 0.0) if model == "iterative" else _workers(guest)
    return Served(min(batches), median(batches), max(batches), workers, held)


def _cpu_us(guest: Guest) -> float:
    before = guest.counters().cpu_s
    for _ in range(CLIENTS):
        guest.ask()
    return (guest.counters().cpu_s - before) / CLIENTS * 1e6


def _workers(guest: Guest) -> tuple[int, float]:
    """For forty clients who stay, once answered: how many tasks, and the memory of each."""
    before = guest.counters().memory_bytes
    clients = [guest.connect() for _ in range(HELD)]
    for client in clients:
        client.sendall(b"GET /615b.html HTTP/1.1\r\nHost: experiment\r\n\r\n")
        client.recv(4096)
    workers = len(guest.children()) + len(guest.threads()) - 1
    grown = (guest.counters().memory_bytes - before) / HELD
    for client in clients:
        client.close()
    return workers, grown


def unseen(seen: Evidence) -> str:
    """What a control did not show; empty where all hold."""
    for each in (seen.small, seen.large):
        if (each.threads_ran, each.children_ran) != (PAIRS, PAIRS):
            return "Not every thread and every child was seen to run."
    if seen.large.memory_bytes - seen.small.memory_bytes < BALLAST_MB * 1e6 / 2:
        return "The larger process was no larger."
    creators = (seen.threaded, seen.forking)
    if any(each.workers != HELD or each.worker_bytes <= 0 for each in creators):
        return "A worker for each client was not seen."
    if min(each.mid_us for each in creators) <= seen.iterative.mid_us:
        return "A server that creates workers cost no more than one that creates none."
    return ""


def judge(seen: Evidence) -> Verdict:
    small, large, threaded, forking = seen.small, seen.large, seen.threaded, seen.forking
    if missed := unseen(seen):
        return Verdict("inconclusive", missed)
    if min(small.ratio.high, large.ratio.high) < 1 or forking.most_us < threaded.least_us:
        return Verdict("refuted", f"A process took {small.ratio.mid:.2f} times a thread's time.")
    if min(small.ratio.low, large.ratio.low) <= 1 or forking.least_us <= threaded.most_us:
        return Verdict("inconclusive", "Thread and process could not be told apart.")
    thread, child = (each.mid_us - seen.iterative.mid_us for each in (seen.threaded, seen.forking))
    return Verdict(
        "supported",
        f"To create and finish, a thread took {small.thread_us.mid:.0f} us and a process"
        f" {small.process_us.mid:.0f} us, {small.ratio.mid:.1f} times as long (95 % interval of"
        f" this run {small.ratio.low:.1f} to {small.ratio.high:.1f}). With {BALLAST_MB} MB more in"
        f" the process that was {large.thread_us.mid:.0f} and {large.process_us.mid:.0f} us. In"
        f" the servers a thread added {thread:.0f} us of CPU to an answer, a child {child:.0f} us."
        f" A waiting thread held {seen.threaded.worker_bytes / 1e3:.0f} kB, a child"
        f" {seen.forking.worker_bytes / 1e3:.0f} kB.",
    )


def bars(seen: Evidence) -> Bars:
    return Bars(
        "To create and finish",
        "us",
        (
            ("thread", seen.small.thread_us.mid),
            ("process", seen.small.process_us.mid),
            (f"thread, {BALLAST_MB} MB held", seen.large.thread_us.mid),
            (f"process, {BALLAST_MB} MB held", seen.large.process_us.mid),
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
