"""`make claim` and `make claims`: lines of the notes, tried on this machine."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from lab.claims import catalogue, measured, run
from lab.claims.judged import Judged, judge, terminal
from lab.claims.laboratory import Laboratory
from lab.claims.measured import Measured
from lab.commands import bench
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.errors import FAILED, Interrupted, LabError
from lab.host import machine
from lab.plan import topology
from lab.plan.choice import Asked, check
from lab.records import claims_record
from lab.records.claims_record import ClaimsRecord
from lab.records.run_folder import fresh
from lab.report import report
from lab.run.inventory import git
from lab.run.measure import Order
from lab.run.progress import PlainLines
from lab.run.session import PROJECT_NAME


def claim(names: str, root: Path, console: Console) -> int:
    """Each in a folder of its own. 0 where all gave a verdict."""
    experiments = catalogue.chosen(names)
    worst = 0
    for each in experiments:
        folder = fresh(root / "results", f"claim-{each.claim.id}", datetime.now(UTC))
        outcome = _run([each.claim.id], folder, _begun(root), root, console)
        worst = max(worst, outcome)
    return worst


def claims(resume: str, root: Path, console: Console) -> int:
    """All of them, in the order of the notes. 0 where all gave a verdict."""
    if resume:
        folder = claims_record.find(root / "results", resume)
        record = claims_record.read(folder)
    else:
        folder = fresh(root / "results", claims_record.NAME, datetime.now(UTC))
        record = _begun(root)
    try:
        return _run(list(catalogue.experiments()), folder, record, root, console)
    except (Interrupted, LabError):
        with suppress(OSError):
            folder.rmdir()  # it goes where nothing was gathered yet
        if folder.exists():
            shown = os.path.relpath(folder)
            PlainLines(console).say(f"to go on with it: make claims RESUME={shown}")
        raise


def _run(names: list[str], folder: Path, record: ClaimsRecord, root: Path, console: Console) -> int:
    experiments = [catalogue.experiments()[name] for name in names]
    outcomes = Counter(
        judge(each, record.claims[each.claim.id]).verdict.outcome
        for each in experiments
        if each.claim.id in record.claims
    )

    def tell(judged: Judged) -> None:
        outcomes[judged.verdict.outcome] += 1
        print(f"{terminal(judged)}\n", flush=True)

    failed = run.run(experiments, _laboratory(root, console), folder, record, tell)
    if len(experiments) > 1:
        told = [f"{count} {outcome}" for outcome, count in sorted(outcomes.items())]
        told += [f"{len(failed)} failed"] if failed else []
        print(", ".join(told), flush=True)
    if outcomes:
        PlainLines(console).say(f"evidence: {os.path.relpath(folder / claims_record.FILE)}")
    else:
        folder.rmdir()
    return FAILED if failed or outcomes["inconclusive"] else 0


def _laboratory(root: Path, console: Console) -> Laboratory:
    declared = topology.read(root / topology.FILE, os.environ)

    def measure(asked: Asked) -> Measured:
        order = Order(check(asked, declared, root), declared, command=None)
        return measured.of(report.load(bench.run(order, root, console), root / "results"))

    compose = Compose(root, PROJECT_NAME, declared, os.environ)
    return Laboratory(compose, PlainLines(console).say, measure)


def _begun(root: Path) -> ClaimsRecord:
    daemon = connect().info()
    commit, dirty = git(root)
    return ClaimsRecord(
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        host=machine.describe(daemon.get("CgroupVersion"), daemon.get("Driver")),
        docker=str(daemon.get("ServerVersion")),
        git_commit=commit,
        git_dirty=dirty,
        claims={},
    )
