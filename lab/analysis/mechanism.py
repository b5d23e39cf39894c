"""Why a curve bends: what one request cost the server and its kernel, from a trial's records.

Where each figure comes from:
- of the window (the difference of the two readings at its edges, by the good answers in it): CPU,
  retransmissions, and context switches as long as the same threads lived at both edges;
- of the life (from the readings before the load, or the server's start, to its end, by all that it
  answered): forks, workers begun, and context switches where workers come and go, because /proc
  forgets who ended and getrusage does not;
- levels, and sums up to the window's end: memory, tasks, the accept queue, its overflows and drops
  (most of those fall in the ramp).

CPU time is the server's by `server_cpu.py`: its total is exact, its parts are sampled by ticks.
The account's own split is not used: getrusage takes a child that saw no tick for all user time.

None is unknown, never nought. `median` makes the figures of a cell from those of its trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import mean
from statistics import median as middle

from lab.analysis.server_cpu import over_window
from lab.records.record import Account, Counters, ServerRecord
from loadgen.formats.record import LoadRecord

COMING_AND_GOING = 0.01  # workers that took a former one's place, per answer: the living tell too
# little where there were more
CONNECTIONS_TO_DIVIDE = 50  # with fewer, what a server takes once is the larger part of its growth


@dataclass(frozen=True)
class Mechanism:
    """Of one trial, or the medians of several. Per request unless the name says otherwise."""

    cpu_us: float | None = None
    cpu_user_us: float | None = None
    cpu_system_us: float | None = None  # without softirqs, where those are told apart
    cpu_softirq_us: float | None = None
    voluntary_switches: float | None = None
    involuntary_switches: float | None = None
    forks: float | None = None
    workers_begun: float | None = None  # processes or threads that served
    workers_at_once: float | None = None  # the most, in the whole life
    peak_tasks: float | None = None  # processes and threads at once, the highest reading
    memory_bytes: float | None = None
    memory_per_connection_bytes: float | None = None  # growth since the idle server
    accept_queue: float | None = None  # connections in it, the mean of the window's edges
    listen_overflows: float | None = None  # connections, not per request; as the next
    listen_drops: float | None = None
    syn_retries: float | None = None
    retransmits_per_1000: float | None = None  # requests
    redis_share: float | None = None  # of a CPU, over the window

    @property
    def switches(self) -> float | None:
        """Context switches of both kinds."""
        voluntary, involuntary = self.voluntary_switches, self.involuntary_switches
        return None if voluntary is None or involuntary is None else voluntary + involuntary


def of(server: ServerRecord, load: LoadRecord | None) -> Mechanism:
    """What the two records of a trial tell."""
    account = server.end.account if server.end else None
    opened, closed = server.opened, server.closed
    good = load.window.good if load else 0
    cpu = over_window(server)
    voluntary, involuntary = _switches(server, account, good)
    answers = account.answered + account.health if account else 0
    last = server.finished or closed
    resent = grown(opened, closed, "retransmitted")
    return Mechanism(
        cpu_us=_per(cpu.used_s if cpu else None, good, 1e6),
        cpu_user_us=_per(cpu.user_s if cpu else None, good, 1e6),
        cpu_system_us=_per(cpu.system_s if cpu else None, good, 1e6),
        cpu_softirq_us=_per(cpu.softirq_s if cpu else None, good, 1e6),
        voluntary_switches=voluntary,
        involuntary_switches=involuntary,
        forks=_per(account.forks if account else None, answers),
        workers_begun=_per(account.begun if account else None, answers),
        workers_at_once=len(account.workers) if account else None,
        peak_tasks=_peak_tasks(server),
        memory_bytes=closed.memory_bytes if closed else None,
        memory_per_connection_bytes=_memory_per_connection(server, load),
        accept_queue=_accept_queue(opened, closed),
        listen_overflows=last.listen_overflows if last else None,
        listen_drops=last.listen_drops if last else None,
        syn_retries=grown(server.started, last, "syn_retries"),
        retransmits_per_1000=_per(resent, good, 1_000),
        redis_share=per_second(opened, closed, "redis_cpu_s"),
    )


def median(trials: Sequence[Mechanism]) -> Mechanism:
    """Field by field, of those trials that know it."""
    values = {
        field.name: [v for trial in trials if (v := getattr(trial, field.name)) is not None]
        for field in fields(Mechanism)
    }
    return Mechanism(**{name: middle(known) if known else None for name, known in values.items()})


def _per(amount: float | None, requests: int, times: float = 1.0) -> float | None:
    return amount / requests * times if amount is not None and requests else None


def grown(before: Counters | None, after: Counters | None, name: str) -> float | None:
    """Between two readings of a counter; None where it is not known."""
    if before is None or after is None:
        return None
    first, last = getattr(before, name), getattr(after, name)
    return None if first is None or last is None else last - first


def per_second(before: Counters | None, after: Counters | None, name: str) -> float | None:
    """What a counter grew by, by the time between the readings. None where it is not known."""
    amount = grown(before, after, name)
    if amount is None or before is None or after is None or after.read_at_s <= before.read_at_s:
        return None
    return amount / (after.read_at_s - before.read_at_s)


def _switches(
    server: ServerRecord, account: Account | None, good: int
) -> tuple[float | None, float | None]:
    """Voluntary and involuntary."""
    if _same_threads(server, account):
        voluntary = grown(server.opened, server.closed, "voluntary_switches")
        involuntary = grown(server.opened, server.closed, "involuntary_switches")
        if voluntary is not None and involuntary is not None:
            return _per(voluntary, good), _per(involuntary, good)
    if account is None:
        return None, None
    voluntary, involuntary = account.voluntary_switches, account.involuntary_switches
    if voluntary is None or involuntary is None:
        return None, None
    # What the server did until it was ready is not the load's, where a reading tells how much.
    before = server.started
    voluntary -= (before.voluntary_switches if before else 0) or 0
    involuntary -= (before.involuntary_switches if before else 0) or 0
    return _per(max(0, voluntary), account.answered), _per(max(0, involuntary), account.answered)


def _same_threads(server: ServerRecord, account: Account | None) -> bool:
    """Whether those that lived at one edge are those that lived at the other, and no others."""
    if account is not None:
        came_after_others = account.begun - len(account.workers)
        if came_after_others > COMING_AND_GOING * account.answered:
            return False
    return grown(server.opened, server.closed, "threads") == 0


def _peak_tasks(server: ServerRecord) -> float | None:
    """The kernel's own figure where it rose under load: at first it counts Docker's tasks too."""
    before, after = server.started, server.closed
    if (grown(before, after, "pids_peak") or 0) > 0 and after is not None:
        return after.pids_peak
    readings = (server.started, server.opened, server.closed)
    levels = [each.pids for each in readings if each is not None and each.pids is not None]
    account = server.end.account if server.end else None
    return max([*levels, len(account.workers) if account else 0]) or None


def _accept_queue(opened: Counters | None, closed: Counters | None) -> float | None:
    levels = [
        each.accept_queue for each in (opened, closed) if each and each.accept_queue is not None
    ]
    return mean(levels) if levels else None


def _memory_per_connection(server: ServerRecord, load: LoadRecord | None) -> float | None:
    more = grown(server.started, server.closed, "memory_bytes")
    connections = load.connections.established if load else 0
    if more is None or connections < CONNECTIONS_TO_DIVIDE:
        return None
    return max(0.0, more) / connections
