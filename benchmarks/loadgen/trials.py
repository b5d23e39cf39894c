"""The rows that are trials of the lab itself: `make bench` with a scenario from scenarios/ here.

crowd    15,000 users in one worker, through vmhost
counts   two workers; trials are added up until they make a million requests, kept connections
         and fresh ones apart. Each trial's two accounts are held together by lab/analysis/counts.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from benchmarks.inside.measured import Measured
from benchmarks.loadgen.claims import COUNTED, MILLION
from benchmarks.loadgen.peak import Peak, watched
from lab.analysis import counts
from lab.analysis.result import Result, all_of
from lab.commands import bench
from lab.containers.daemon import connect
from lab.plan.choice import Asked
from lab.records import run_folder

SCENARIOS = "benchmarks/loadgen/scenarios"
CROWD_FILE = f"{SCENARIOS}/crowd.yml"
COUNTED_FILES = (f"{SCENARIOS}/counts-kept.yml", f"{SCENARIOS}/counts-fresh.yml")
MOST_TRIALS = 6


def crowd(root: Path, console: Console) -> Iterator[Measured]:
    """One trial. Raises LabError where the lab cannot work."""
    with watched(connect()) as peak:
        trial = _trial(root, console, CROWD_FILE, workers=1)
    yield crowd_figure(trial, peak)


def counted(root: Path, console: Console) -> Iterator[Measured]:
    """Raises LabError where the lab cannot work."""
    for side, file in zip(COUNTED, COUNTED_FILES, strict=True):
        trials: list[Result] = []
        while len(trials) < MOST_TRIALS and sum(map(requests, trials)) < MILLION:
            trials.append(_trial(root, console, file, workers=2))
            if trials[-1].load is None:
                break
        yield counts_figure(side, trials)


def crowd_figure(trial: Result, peak: Peak) -> Measured:
    load, marks_s = trial.load, trial.server.marks_s
    if load is None or peak.memory_bytes is None:
        why = trial.server.reason or "the worker's memory could not be read"
        return Measured("crowd", "engine", 1, faults=why)
    values = {
        "established": load.connections.established,
        "served": load.connections.established - load.connections.unserved,
        "ramp_s": marks_s["announced"] - marks_s["ready"],
        "memory_bytes": peak.memory_bytes,
        "rate_per_s": load.window.throughput_rps,
    }
    failed = load.life.failed
    return Measured("crowd", "engine", 1, values, f"{failed:,} failed" if failed else "")


def counts_figure(side: str, trials: list[Result]) -> Measured:
    """Of a side's trials together; what differs is told in words."""
    differences = [found for trial in trials for found in differing(trial)]
    values = {
        "requests": float(sum(map(requests, trials))),
        "differing": float(sum(bool(differing(trial)) for trial in trials)),
        "trials": float(len(trials)),
    }
    lost = [trial.server.reason or "no record" for trial in trials if trial.load is None]
    return Measured("counts", side, 1, values, "; ".join(lost), "; ".join(differences))


def requests(trial: Result) -> int:
    """That were answered well, in its whole life."""
    return trial.load.life.good if trial.load else 0


def differing(trial: Result) -> list[str]:
    account = trial.server.end.account if trial.server.end else None
    if trial.load is None or account is None:
        return ["one of the two accounts is missing"]
    return counts.mismatches(trial.load.life, account)


def _trial(root: Path, console: Console, scenario: str, workers: int) -> Result:
    bench.bench(Asked(scenario=str(root / scenario), workers=f"{workers}"), root, console)
    [trial] = all_of(run_folder.find(root / "results", ""))
    return trial
