"""One run, from the command line to the table: check, prepare, measure, clear up, report.

Nothing is started before everything was checked. Whatever ends a run early, what is ours is removed
and the trials that were written are reported.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from lab import (
    foreign,
    images,
    inventory,
    machine,
    prepare,
    report,
    report_files,
    results,
    resume,
    scratch,
    variants,
)
from lab.choice import Asked, Choice, check
from lab.compose import Compose
from lab.daemon import connect
from lab.docker_rig import DockerRig
from lab.errors import FAILED, Interrupted, LabError
from lab.figure import counted
from lab.ledger import Ledger
from lab.pace import Pace, in_words
from lab.plan import Trial, make_plan, through
from lab.progress import LiveLine, PlainLines, watcher
from lab.report import Report
from lab.results import RunFolder, create
from lab.resume import Broken
from lab.run import MismatchError, run_plan
from lab.seek import Seek
from lab.session import PROJECT, session
from lab.topology import Topology


@dataclass(frozen=True)
class Order:
    """What is to be done: a choice, and the run to go on with, if any. `command`: what goes on with
    it, given RESUME, where it stops before its end; None where no command line can name its models.
    """

    choice: Choice
    declared: Topology
    broken: Broken | None = None
    force: bool = False  # to go on although host or images have changed
    command: str | None = "make bench"


def bench(asked: Asked, root: Path, console: Console) -> int:
    """The exit status: 0 where every trial was good. Ends early by LabError or Interrupted."""
    broken = resume.find(asked.resume, root / "results") if asked.resume else None
    declared = foreign.read(root, "" if broken else asked.with_file, os.environ)
    if broken:
        declared = foreign.again(declared, broken.manifest.foreign, os.environ)
    choice = resume.choice(broken, asked, declared) if broken else check(asked, declared, root)
    order = Order(choice, declared, broken, bool(asked.force))
    return status(run_and_show(order, root, console))


def run_and_show(order: Order, root: Path, console: Console) -> Report:
    """Of a run that pauses, say as well how to go on with it."""
    folder = run(order, root, console)
    found = show(folder, root, console)
    if found.manifest.state == "paused":
        _tell_how_to_go_on(folder, order, console)
    return found


def run(order: Order, root: Path, console: Console) -> RunFolder:
    """Measures. Of a run that ends early, what there is is shown before its exception goes on."""
    declared = variants.declare(order.declared, order.choice.variants)
    compose = Compose(root, PROJECT, declared, os.environ)
    runs: list[RunFolder] = []
    try:
        with watcher(console) as watching, session(watching.say):
            _measure(compose, order, watching, runs)
    except (LabError, Interrupted) as end:
        for folder in runs:
            with suppress(LabError):  # a full disk, say, may be what ended the run
                if folder.results():
                    show(folder, root, console)
            if isinstance(end, MismatchError):  # the run would keep its scenario, which is wrong
                results.discard_empty(folder)
            else:
                with suppress(LabError):
                    _tell_how_to_go_on(folder, order, console)
        raise
    [folder] = runs
    return folder


def _tell_how_to_go_on(folder: RunFolder, order: Order, console: Console) -> None:
    if order.command:
        PlainLines(console).say(resume.hint(folder, order.command))


def status(found: Report) -> int:
    """For the shell: 0 where every trial was good."""
    return FAILED if found.shortfall else 0


def show(folder: RunFolder, root: Path, console: Console) -> Report:
    """Print the table, write the report's files and page."""
    from lab import page  # noqa: PLC0415 - Altair and Vega take a second to load

    found = report.load(folder, root / "results")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    print(report_files.terminal(found, width), flush=True)
    report_files.write(folder, found)
    where = os.path.relpath(page.write(folder, found))
    PlainLines(console).say(f"page: {where}")
    return found


def _measure(
    compose: Compose, order: Order, watching: PlainLines | LiveLine, runs: list[RunFolder]
) -> None:
    """Adds the run's folder to `runs` as soon as there is one."""
    client, choice, broken = connect(), order.choice, order.broken
    scratch.remove_left(compose.root / "results")
    for remark in choice.remarks:
        watching.say(remark)
    prepare.ports_free(compose.topology, choice)
    needed = prepare.images(compose.topology, choice)
    prepare.build(compose, choice, watching.say)
    digests = images.ensure(client, needed, compose.root, watching.say)
    allotted = prepare.allotment()
    machine.keep_to(allotted.load)  # following the trials must not be billed to the server
    receive = prepare.receive(client, compose, choice.receive, allotted, watching.say)
    setup = prepare.setup(choice, compose.topology, allotted, receive)
    seed = random.SystemRandom().getrandbits(31) if choice.seed is None else choice.seed
    plan: tuple[Trial, ...] = ()  # of a search it grows as it runs
    if broken:
        plan = resume.plan(broken)
    elif not choice.scenario.find:
        plan = make_plan(choice.cells, choice.trials, seed)
    now = datetime.now(UTC)
    kept, source = compose.root / "results", choice.source
    folder = broken.folder if broken else create(kept, source.name, source.text, now)
    manifest = inventory.take(
        client,
        compose,
        choice=choice,
        setup=setup,
        seed=seed,
        plan=plan,
        images=digests,
        folder=folder,
        now=now,
    )
    if broken:
        manifest = resume.go_on(broken, manifest, force=order.force)
    runs.append(folder)
    folder = report.judged(folder, manifest, kept)
    ledger = Ledger(folder, manifest)
    trials: Iterable[Trial] = plan
    most = choice.trials * len(choice.cells)  # a search may need fewer
    if choice.blocks:
        left = [trial for trial in plan if not folder.is_finished(trial.name)]
        trials = due = through(plan, left, choice.blocks)
        most = len(due)
    elif choice.scenario.find:
        trials = Seek(choice.scenario, choice.cells, choice.trials, seed, folder).trials(ledger)
    with ledger.kept():
        rig = DockerRig(client, compose, setup, folder)
        try:
            _run(trials, rig, choice, folder, watching, most=most)
        finally:
            rig.close()


def _run(
    trials: Iterable[Trial],
    rig: DockerRig,
    choice: Choice,
    folder: RunFolder,
    watching: PlainLines | LiveLine,
    *,
    most: int,
) -> None:
    left = most - folder.finished()
    pace = Pace(choice.scenario.warmup_s + choice.scenario.window_s)
    at_most = "at most " if choice.scenario.find else ""
    watching.say(f"{at_most}{counted(left, 'trial')}, about {in_words(pace.lasts_s(left))}")
    run_plan(
        trials,
        of=most,
        rig=rig,
        folder=folder,
        progress=watching,
        timeout_s=choice.scenario.timeout_s,
        pace=pace,
    )
