"""The format of server.json, the lab's half of a trial's record (Locust's half is load.json).

Format 2   readings of the server's counters before the load and at the window's edges.
Format 3   who processed what the server received; the server's CPUs as the host counts them; a last
           reading, `finished`; SYNs that were sent again.

A newer format must still read the older one: what that lacks is None, which means unknown and never
0. Unknown fields are let pass, so that an older lab reads what a newer one added. Names carry their
units; instants end in `_at_s` and are CLOCK_MONOTONIC, one clock for every container of a host.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

FORMAT: Literal[3] = 3

Receive = Literal["guest", "sender"]  # whose CPUs process the packets that a server receives
RECEIVERS: tuple[Receive, ...] = ("guest", "sender")


class Frozen(BaseModel):
    """Data that nobody changes after it was measured."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CpuTime(Frozen):
    """Of the server's CPUs together, since the host started; /proc/stat, proc(5).

    Idle time is exact where the kernel stops its tick on idle CPUs. Softirq time is sampled by
    ticks and lacks what interrupted an idle CPU: busy is whatever was neither idle nor stolen.
    """

    count: int
    idle_s: float  # waiting for a disk is idle too
    steal_s: float  # the hypervisor ran somebody else
    user_s: float
    softirq_s: float


class Counters(Frozen):
    """One reading of a container's counters, cumulative since its start unless they are levels."""

    source: str  # "cgroup v1", "cgroup v2" or "docker stats"
    read_at_s: float
    cpu_s: float  # exact; user and system may be sampled by ticks and not add up to it
    cpu_user_s: float
    cpu_system_s: float
    throttled_s: float | None = None  # held back by a CPU quota; records before it lack it
    memory_bytes: int  # level: resident and shared memory, without cache that could go at once
    rss_bytes: int | None = None  # level: anonymous memory alone
    pids: int | None = None  # level: tasks, as the group counts them
    pids_peak: int | None = None  # the most at once so far, Docker's own at the start included
    processes: int | None = None  # level
    threads: int | None = None  # level: of all processes, their first ones too
    # Of the threads that live now, each since it began: a worker that ended took its share along.
    voluntary_switches: int | None = None
    involuntary_switches: int | None = None
    switches_missing: str | None = None  # why they were not read
    accept_queue: int | None = None  # level: connections that nobody has accepted yet
    listen_overflows: int | None = None
    listen_drops: int | None = None
    segments_in: int | None = None  # of TCP, as the next two
    segments_out: int | None = None
    retransmitted: int | None = None  # segments that the server sent again
    bytes_out: int | None = None  # of IP, what was sent again among them
    syn_retries: int | None = None  # SYNs that clients sent again, all trials of the run so far
    redis_cpu_s: float | None = None  # of the store's container, all trials of the run so far
    cpus: CpuTime | None = None  # the server's CPUs as the host counts them, whoever used them


class AccountOfWorker(Frozen):
    """What one worker of a pool did."""

    accepted: int
    answered: int


class Account(Frozen):
    """What the server says that it did in its whole life: the last line of its standard output."""

    format: Literal[1]
    model: str
    accepted: int
    answered: int
    health: int
    aborted: int
    backlog_left: int
    by_status: dict[str, int]
    workers: list[AccountOfWorker]
    begun: int  # workers that ever began; as many at once as `workers` has rows
    forks: int
    # None: the kernel reaped the children, and what they used is not known
    cpu_user_s: float | None
    cpu_system_s: float | None
    voluntary_switches: int | None
    involuntary_switches: int | None
    peak_rss_bytes: int | None


class ServerEnd(Frozen):
    """How the server's container ended."""

    exit_code: int
    oom_killed: bool
    account: Account | None = None
    account_missing: str | None = None  # why there is no account
    reference: bool = False  # somebody else's server, which gives none


class Settling(Frozen):
    """The host just before the trial."""

    waited_s: float = 0.0
    conntrack_count: int | None = None
    conntrack_max: int | None = None
    time_wait: int | None = None  # sockets of the load's namespace
    load_1m: float | None = None
    cpu_busy: float | None = None  # share, over the last look, of the busiest CPU of the lab's
    cpu_steal: float | None = None  # the same of what the hypervisor gave to others
    spin_us: float | None = None  # a fixed piece of work, on the slowest of those CPUs
    calm: bool = True  # False: the host had not settled when the wait was over


class Link(Frozen):
    """The network between a load host and the lab's, in a short test before the run."""

    host: str
    rtt_us: int
    bytes_per_s: int


class ServerRecord(Frozen):
    """server.json. A trial without it was cut short and never counts."""

    format: Literal[2, 3] = FORMAT
    number: int
    block: int
    model: str
    users: int
    seed: int
    rate_rps: float | None = None  # of arrivals in an open loop
    receive: Receive = "sender"  # records before format 3 are all of that kind
    links: tuple[Link, ...] = ()  # to the hosts that the load came from, where it was not this one
    beside: tuple[str, ...] = ()  # models whose trials ran at the same time, on the same CPUs
    outcome: Literal["ok", "failed"]
    reason: str | None = None  # of a failed trial, in words
    last_words: str | None = None  # what the container at fault logged last
    started: Counters | None = None  # read when the server was ready, before the load
    opened: Counters | None = None  # read at the window's edges
    closed: Counters | None = None
    finished: Counters | None = None  # read when the load was done, before the server was stopped
    counters_missing: str | None = None
    end: ServerEnd | None = None
    settling: Settling = Settling()
    marks_s: dict[str, float] = {}  # when each step of the trial was over, from its start


def parse_account(stdout: str) -> tuple[Account | None, str | None]:
    """The account on the last line, or why there is none."""
    lines = stdout.strip().splitlines()
    if not lines:
        return None, "the server printed nothing"
    try:
        return Account.model_validate_json(lines[-1]), None
    except ValidationError as error:
        found = error.errors()
        if found[0]["type"] == "json_invalid":
            return None, f"the server's last line is no account: {lines[-1][:120]!r}"
        wrong = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)
        return None, f"the server's account cannot be read: {'; '.join(wrong)}"
