"""One trial as it is judged: the two records that it left, and the verdict on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lab.analysis import mechanism
from lab.analysis.validity import Judgement, judge
from lab.figure import counted, figure, milliseconds
from lab.records.ceiling import Ceilings
from lab.records.record import ServerRecord
from lab.records.run_folder import RunFolder
from loadgen.formats.record import LoadRecord


@dataclass(frozen=True)
class Result:
    """`load` is None where the trial left no record of the load that can be read."""

    server: ServerRecord
    load: LoadRecord | None
    ceiling_rps: float | None = None  # of one load worker here, where it was calibrated

    @cached_property
    def judgement(self) -> Judgement:
        return judge(self.server, self.load, self.ceiling_rps)


def of(folder: RunFolder, trial: str, ceilings: Ceilings | None = None) -> Result | None:
    """None for a trial that was cut short. `ceilings`: what the load could do at most here."""
    found = folder.records(trial)
    if found is None:
        return None
    server, load = found
    return Result(server, load, ceilings.of(load) if ceilings and load else None)


def all_of(folder: RunFolder, ceilings: Ceilings | None = None) -> list[Result]:
    """Of every trial that was written, in the order of running."""
    names = folder.trials()
    return [found for name in names if (found := of(folder, name, ceilings)) is not None]


def summary(result: Result) -> str:
    """A trial in one line."""
    judgement, load = result.judgement, result.load
    parts = []
    if load is not None and result.server.outcome == "ok":
        parts.append(f"{figure(load.window.throughput_rps)} requests/s")
        if result.server.beside:
            parts.append(f"{figure(mechanism.of(result.server, load).cpu_us)} us of CPU an answer")
        elif load.latency_us:
            parts.append(f"p50 {milliseconds(load.latency_us.p50)} ms")
        parts.append(counted(load.window.failures.total, "failure"))
    if judgement.verdict != "valid":
        reasons = "; ".join(reason.text for reason in judgement.reasons)
        words = result.server.last_words
        said = f"; its last words:\n{words}" if words else ""
        parts.append(f"{judgement.verdict}: {reasons}{said}")
    elif judgement.bottleneck and judgement.bottleneck.reasons:
        said = "; ".join(reason.text for reason in judgement.bottleneck.reasons)
        parts.append(f"limit {judgement.limit}: {said}")
    return ", ".join(parts)
