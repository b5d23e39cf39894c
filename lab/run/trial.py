"""The life of one trial: up, follow the load, drain, account, down. Steps in that order.

Whatever happens on the way, the server's end is looked at (for its account or its last words) and
everything of the trial is removed: a fault makes a record that says `failed` and why. Only what
would hit every trial alike (Docker gone, disk full, a person's Ctrl-C) leaves as an exception.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.host.rig import Progress, Rig
from lab.records.events import Mismatch, parse_event
from lab.records.record import ServerEnd, ServerRecord, Settling
from lab.records.step import Trial
from lab.run.together import Company
from lab.run.trial_fault import TrialFaultError
from lab.run.watch import Limits, Watch


@dataclass(frozen=True)
class Ran:
    """What is left of a trial: its record and the server's whole log.

    `mismatch`: what the server answered otherwise than the scenario expects, if that ended it.
    """

    record: ServerRecord
    server_log: str
    mismatch: Mismatch | None = None


def run_trial(
    trial: Trial,
    rig: Rig,
    settling: Settling,
    progress: Progress,
    company: Company,
    *,
    limits: Limits,
    timeout_s: float,
) -> Ran:
    """`settling`: how the host was before. `timeout_s`: how long one answer may take."""
    watch = Watch(rig, progress, limits, timeout_s, company.meet)
    fault: TrialFaultError | None = None
    try:
        progress.step("starting")
        rig.up(trial)
        watch.mark("up")
        progress.step("waiting for /health")
        try:
            watch.follow()
        except TrialFaultError as lost:
            fault = lost
        last_words = _last_words(fault, rig) if fault else None  # before the logs go
        progress.step("draining")
        end, log = _end(rig)
        watch.mark("drained")
    finally:
        rig.down()
    watch.mark("down")
    record = ServerRecord(
        number=trial.number,
        block=trial.block,
        model=trial.model,
        users=trial.users,
        seed=trial.seed,
        rate_rps=trial.rate_rps,
        receive=rig.receive,
        links=rig.links,
        beside=company.models,
        outcome="failed" if fault else "ok",
        reason=str(fault) if fault else None,
        last_words=last_words,
        started=watch.started,
        opened=watch.opened,
        closed=watch.closed,
        finished=watch.finished,
        counters_missing=watch.counters_missing,
        end=end,
        settling=settling,
        marks_s=watch.marks_s,
    )
    return Ran(record, log, fault.mismatch if fault else None)


def _last_words(fault: TrialFaultError, rig: Rig) -> str | None:
    """What the container at fault logged last, without the events that it said to the lab."""
    tail = rig.tail(fault.role).strip() if fault.role else ""
    return "\n".join(line for line in tail.splitlines() if parse_event(line) is None) or None


def _end(rig: Rig) -> tuple[ServerEnd | None, str]:
    ended = rig.end_server()
    return ended if ended is not None else (None, "")
