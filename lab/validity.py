"""May a trial's figures be trusted, and if not, why? Pure: from the evidence in its two records.

`invalid`   something was not measured right: no figure of it counts
`erroring`  measured right, but more than one request in a thousand failed
`valid`     neither

A valid trial may still say more about the generator than about the server. `generator` names the
evidence, and `limit` who else was at the end of its strength: `generator-bound` where the server
had CPU to spare, `co-saturated` where it had none (its rate holds, its latency is the generator's
as well). Every threshold stands here, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lab.counts import mismatches
from lab.record import ServerRecord
from loadgen.record import LoadRecord

ERRORING_SHARE = 0.001  # more failures than this and throughput counts something else
WORKER_BUSY = 0.85  # of one CPU: beyond it, a worker's queueing shows in what it measures
SERVER_BUSY = 0.90  # a server this busy is the limit itself, however busy the generator was
RUN_DELAY = 0.05  # seconds per second a worker waited for a CPU
LOOP_LAG_P99_US = 2_000  # how late the worker's loop came to a timer
EDGE_LATENESS_S = 0.05  # counters read later than this off the window's edge measure another window
P99_SAMPLES = 1_000  # ten of them lie above the p99

LAST_WORDS = "; its last words:"  # what follows it, in a failed trial's reason, is its log

Verdict = Literal["valid", "erroring", "invalid"]
Limit = Literal["generator-bound", "co-saturated"]


@dataclass(frozen=True)
class Reason:
    """`kind`: the same for the same trouble in several trials; `text` has this one's figures."""

    kind: str
    text: str


@dataclass(frozen=True)
class Judgement:
    """The verdict on one trial with its reasons, and what speaks against the generator."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    generator: tuple[Reason, ...] = ()
    limit: Limit | None = None  # None: nothing speaks against the generator


def judge(server: ServerRecord, load: LoadRecord | None) -> Judgement:
    """`load` is None where the trial left no load.json that can be read."""
    if server.outcome == "failed":
        headline = (server.reason or "the trial failed").partition("\n")[0]
        return Judgement("invalid", (Reason("failed", headline.removesuffix(LAST_WORDS)),))
    if load is None:
        return Judgement("invalid", (Reason("load", "no load.json that can be read"),))
    generator = _generator(server, load)
    limit = _limit(server) if generator else None
    wrong = _accounted(server, load)
    if load.window.good == 0:
        wrong.append(Reason("empty", "not one good answer in the window"))
    if wrong:
        return Judgement("invalid", tuple(wrong), generator, limit)
    failures = load.window.failures.total
    if failures > ERRORING_SHARE * load.window.requests:
        share = failures / load.window.requests
        errors = Reason("errors", f"{share:.2%} of requests failed")
        return Judgement("erroring", (errors,), generator, limit)
    return Judgement("valid", (), generator, limit)


def cpu_share(server: ServerRecord) -> float | None:
    """CPUs that the server used over the window; 1.0 is one CPU all the time."""
    opened, closed = server.opened, server.closed
    if opened is None or closed is None or closed.read_at_s <= opened.read_at_s:
        return None
    return (closed.cpu_s - opened.cpu_s) / (closed.read_at_s - opened.read_at_s)


def edges_missed(server: ServerRecord, load: LoadRecord) -> str | None:
    """Why the server's counters do not belong to the window, where they do not."""
    if server.opened is None or server.closed is None:
        return f"no counters: {server.counters_missing or 'not read'}"
    off_s = max(
        abs(server.opened.read_at_s - load.opened_at_s),
        abs(server.closed.read_at_s - load.closed_at_s),
    )
    if off_s > EDGE_LATENESS_S:
        return f"counters read {off_s * 1000:.0f} ms off the window's edge"
    return None


def _accounted(server: ServerRecord, load: LoadRecord) -> list[Reason]:
    end = server.end
    if end is None:
        return [Reason("end", "the server's end was not seen")]
    wrong = []
    if end.oom_killed:
        wrong.append(Reason("memory", "the server ran out of memory"))
    if end.exit_code != 0:
        wrong.append(Reason("exit", f"the server ended with exit code {end.exit_code}"))
    if end.account is None:
        if not end.reference:
            wrong.append(Reason("account", f"no account: {end.account_missing}"))
    else:
        differ = mismatches(load.life, end.account)
        wrong += [Reason("counts", f"counts differ: {what}") for what in differ]
    return wrong


def _limit(server: ServerRecord) -> Limit:
    return "co-saturated" if (cpu_share(server) or 0.0) >= SERVER_BUSY else "generator-bound"


def _generator(server: ServerRecord, load: LoadRecord) -> tuple[Reason, ...]:
    evidence = []
    for worker in load.load_workers:
        if worker.cpu_share > WORKER_BUSY and _limit(server) == "generator-bound":
            evidence.append(Reason("busy", f"load worker {worker.cpu_share:.0%} busy"))
        delay = worker.run_delay_s / load.window_s
        if delay > RUN_DELAY:
            evidence.append(Reason("delay", f"load worker waited {delay:.2f} s/s for a CPU"))
        if worker.loop_lag_p99_us > LOOP_LAG_P99_US:
            late_ms = worker.loop_lag_p99_us / 1000
            evidence.append(Reason("lag", f"load worker {late_ms:.1f} ms late to its timers"))
    return tuple(evidence)
