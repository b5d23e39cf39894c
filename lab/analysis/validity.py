"""May a trial's figures be trusted, and what do they tell of? From its two records alone.

`invalid`   something was not measured right: no figure of it counts
`erroring`  measured right, but more than one request in a thousand failed
`valid`     neither

Beside it stands who was the limit (`bottleneck`), since throughput ranks servers only where it was
the server, and flags: what does not add up or disturbed the host, though no figure is wrong for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lab.analysis.bottleneck import Bottleneck, Limit, Reason, bottleneck
from lab.analysis.counts import mismatches
from lab.analysis.little import inconsistent
from lab.analysis.mechanism import grown
from lab.analysis.quota import throttled
from lab.analysis.thresholds import (
    CLOCK_DOUBT_S,
    CLOCK_LOST_S,
    EDGE_LATENESS_S,
    ERRORING_SHARE,
    RESENT,
    STEAL,
)
from lab.figure import counted
from lab.records.record import ServerRecord
from loadgen.formats.record import LoadRecord, WorkerSecond

BY_SIGTERM = 128 + 15  # how a server ends that does not catch the signal which the lab sends it

Verdict = Literal["valid", "erroring", "invalid"]


@dataclass(frozen=True)
class Judgement:
    """The verdict on one trial with its reasons, who was the limit and why, and what else to know.

    `bottleneck` is None where no load was measured.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    bottleneck: Bottleneck | None = None
    flags: tuple[Reason, ...] = ()

    @property
    def limit(self) -> Limit | None:
        return self.bottleneck.limit if self.bottleneck else None


def judge(
    server: ServerRecord, load: LoadRecord | None, ceiling_rps: float | None = None
) -> Judgement:
    """`load` is None where the trial left no load.json that can be read; `ceiling_rps` what one
    worker of the generator can do on this host, where it was calibrated."""
    if server.outcome == "failed":
        return Judgement("invalid", (Reason("failed", server.reason or "the trial failed"),))
    if load is None:
        return Judgement("invalid", (Reason("load", "no load.json that can be read"),))
    verdict, reasons = _validity(server, load)
    return Judgement(verdict, reasons, bottleneck(server, load, ceiling_rps), _flags(server, load))


def _validity(server: ServerRecord, load: LoadRecord) -> tuple[Verdict, tuple[Reason, ...]]:
    wrong = _accounted(server, load)
    if held_back := throttled(server):  # the figures are the quota's
        wrong.append(Reason("quota", held_back))
    if load.life.generator:
        example = load.failure_examples.get("generator", "")
        times = counted(load.life.generator, "time")
        limit = f"the load generator came to a limit of its own {times} ({example})"
        wrong.append(Reason("generator", f"{limit}; ask for fewer USERS, or raise that limit"))
    if load.window.good == 0:
        wrong.append(Reason("empty", "not one good answer in the window"))
    if wrong:
        return "invalid", tuple(wrong)
    failures = load.window.failures.total
    if failures > ERRORING_SHARE * load.window.requests:
        share = failures / load.window.requests
        return "erroring", (Reason("errors", f"{share:.2%} of requests failed"),)
    return "valid", ()


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
    if (bound_s := _clock_bound_s(load)) > CLOCK_LOST_S:
        return f"the clocks of the load hosts are known to {bound_s * 1000:.0f} ms only"
    return None


def _clock_bound_s(load: LoadRecord) -> float:
    """Of the least known clock among the load hosts'."""
    return max((worker.clock_bound_s or 0.0 for worker in load.load_workers), default=0.0)


def _accounted(server: ServerRecord, load: LoadRecord) -> list[Reason]:
    end = server.end
    if end is None:
        return [Reason("end", "the server's end was not seen")]
    wrong = []
    if end.oom_killed:
        wrong.append(Reason("memory", "the server ran out of memory"))
    by_signal = end.reference and end.exit_code == BY_SIGTERM
    if end.exit_code != 0 and not by_signal:
        wrong.append(Reason("exit", f"the server ended with exit code {end.exit_code}"))
    if end.account is None:
        if not end.reference:
            wrong.append(Reason("account", f"no account: {end.account_missing}"))
    else:
        differ = mismatches(load.life, end.account, _overflows(server))
        wrong += [Reason("counts", f"counts differ: {what}") for what in differ]
    return wrong


def _overflows(server: ServerRecord) -> int:
    """Of the accept queue, up to the last reading."""
    last = server.finished or server.closed
    return (last.listen_overflows if last else 0) or 0


def _flags(server: ServerRecord, load: LoadRecord) -> tuple[Reason, ...]:
    """`kind` is the mark that the table shows."""
    flags = []
    if missed := edges_missed(server, load):
        flags.append(Reason("no CPU", missed))
    elif (bound_s := _clock_bound_s(load)) > CLOCK_DOUBT_S:
        about = f"the clocks of the load hosts are known to {bound_s * 1000:.1f} ms only"
        flags.append(Reason("clock", f"{about}, and so are the edges of the window"))
    if (resent := _resent(server)) > RESENT and server.links:
        flags.append(Reason("resent", f"{resent:.1%} of the server's segments were sent again"))
    if found := inconsistent(load):
        flags.append(Reason("inconsistent", found))
    stolen = sum(second.steal_s or 0.0 for second in _seconds(load)) / load.window_s
    if stolen > STEAL:
        flags.append(Reason("disturbed", f"the hypervisor took {stolen:.0%} of a CPU"))
    if not server.settling.calm:
        flags.append(Reason("unsettled", "the host had not settled before the trial"))
    return tuple(flags)


def _resent(server: ServerRecord) -> float:
    """The share of the server's segments in the window that TCP sent again."""
    sent = grown(server.opened, server.closed, "segments_out")
    again = grown(server.opened, server.closed, "retransmitted")
    return again / sent if sent and again else 0.0


def _seconds(load: LoadRecord) -> tuple[WorkerSecond, ...]:
    """One worker's: steal is the host's, and the same in the eyes of all."""
    return load.load_workers[0].seconds if load.load_workers else ()
