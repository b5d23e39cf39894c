"""One run, from the command line to the table: check, prepare, measure, clear up, report.

Nothing is started before everything was checked. Whatever ends a run early, what is ours is removed
and the trials that were written are reported.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from lab.containers.compose import Compose
from lab.errors import FAILED, Interrupted, LabError
from lab.plan import foreign, variants
from lab.plan.choice import Asked, check
from lab.records import run_folder
from lab.records.run_folder import RunFolder
from lab.report import report, report_files
from lab.report.report import Report
from lab.run import load_hosts, resume
from lab.run.measure import Begun, Order, begin, measure
from lab.run.progress import PlainLines, watcher
from lab.run.runner import MismatchError
from lab.run.session import PROJECT_NAME, session


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
    compose = Compose(root, PROJECT_NAME, declared, os.environ)
    begun: Begun | None = None
    try:
        with (
            watcher(console) as watching,
            session(watching.say),
            load_hosts.opened(order.choice.hosts, compose) as hosts,
        ):
            begun = begin(compose, order, watching, hosts)
            measure(begun, watching)
    except (LabError, Interrupted) as end:
        if begun:
            _salvage(begun.folder, end, order, root, console)
        raise
    return begun.folder


def _salvage(
    folder: RunFolder, end: BaseException, order: Order, root: Path, console: Console
) -> None:
    """Show what was measured. Whatever ended the run, a full disk say, may stand in the way."""
    with suppress(LabError):
        if folder.finished():
            show(folder, root, console)
    if isinstance(end, MismatchError) or not folder.has_begun:  # or it would keep a wrong scenario
        run_folder.discard_empty(folder)
        return
    with suppress(LabError):
        _tell_how_to_go_on(folder, order, console)


def _tell_how_to_go_on(folder: RunFolder, order: Order, console: Console) -> None:
    if order.command:
        PlainLines(console).say(resume.hint(folder, order.command))


def status(found: Report) -> int:
    """For the shell: 0 where every trial was good."""
    return FAILED if found.shortfall else 0


def show(folder: RunFolder, root: Path, console: Console) -> Report:
    """Print the table, write the report's files and page."""
    from lab.report import page  # noqa: PLC0415 - Altair and Vega take a second to load

    found = report.load(folder, root / "results")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    print(report_files.terminal(found, width), flush=True)
    report_files.write(folder, found)
    where = os.path.relpath(page.write(folder, found))
    PlainLines(console).say(f"page: {where}")
    return found
