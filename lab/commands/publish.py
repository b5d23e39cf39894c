"""`make publish`: a run becomes one that the repository keeps, and the README is made from it.

A published run is whole: complete, ten trials of each cell or more (three on a ladder, whose steps
vouch for each other), every trial measured right. Its folder is results/published/<scenario>, of a
race <scenario>-race. Its trials are packed into one file; what `make report` makes again, the page,
stays behind. README and plot are made from all published runs: no figure in them was ever typed.

A run of claims is published as results/published/claims, when it has them all. docs/notes.md and
the page of the notes are made from it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from rich.console import Console

from lab.claims.catalogue import experiments
from lab.commands import notes, trace
from lab.errors import MISUSED, LabError
from lab.records import ceiling, claims_record, durable, files, noise_floor, packed
from lab.records.ceiling import Calibration
from lab.records.manifest import Manifest
from lab.records.run_folder import PUBLISHED, RunFolder, find
from lab.report import readme, report, report_files
from lab.report.report import Report
from lab.run.progress import PlainLines

FEWEST_TRIALS = 10
FEWEST_TRIALS_OF_A_LADDER = 3
ORDER = (
    *("static", "keep-alive", "guestbook", "slow-backend"),
    *("ladder", "static-race", "keep-alive-race"),
)
LEFT_BEHIND = shutil.ignore_patterns("trials", "report.html", "server.log", ".*")


def publish(run: str, root: Path, console: Console) -> int:
    """0. LabError where the run is not fit to be published."""
    results = root / "results"
    if run and (tried := claims_record.named(results, run)):
        return _claims(tried, root, console)
    if run and (drawn := _drawn(results, run)):
        return _lanes(drawn, root, console)
    folder = find(results, run)
    found = report.load(folder, results)
    _fit(found)
    report_files.write(folder, found)
    target = results / PUBLISHED / _name(found)
    _copied(folder.path, target, found.manifest, results)
    render(root)
    where = os.path.relpath(target)
    PlainLines(console).say(f"published: {where}; README.md and its pictures follow it")
    return 0


def _claims(folder: Path, root: Path, console: Console) -> int:
    record = claims_record.read(folder)
    wrong = [f"{name} was not tried" for name in experiments() if name not in record.claims]
    if record.git_dirty:
        wrong.append("files differed from the commit that it names")
    if wrong:
        raise LabError(
            "\n".join([f"{folder.name} is not fit to be published:", *wrong]),
            "make claims RESUME=..., or try them anew from a clean commit",
            MISUSED,
        )
    target = root / "results" / PUBLISHED / claims_record.NAME
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise durable.refused(target, error) from error
    claims_record.write(target, record)
    made = notes.rendered(record, notes.verdicts(record))
    durable.write(target / notes.PAGE, made[notes.PAGE])
    durable.write(root / "docs" / notes.TEXT, made[notes.TEXT])
    PlainLines(console).say(f"published: {os.path.relpath(target)}; docs/{notes.TEXT} follows it")
    return 0


def _drawn(results: Path, run: str) -> Path | None:
    """The folder of a trace of all seven."""
    return next(
        (path for path in (Path(run), results / run) if files.exists(path / trace.PAGE)), None
    )


def _lanes(folder: Path, root: Path, console: Console) -> int:
    """Of each model the scene in which the models differ, for docs/models.md."""
    target = root / "docs" / "lanes"
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise durable.refused(target, error) from error
    drawn = sorted(folder.glob("*/two-users.svg"))
    if not drawn:
        raise LabError(f"{folder.name} is of one model", "trace them all: make trace", MISUSED)
    for path in drawn:
        durable.write(target / f"{path.parent.name}.svg", files.text(path))
    PlainLines(console).say("published: docs/lanes, for docs/models.md")
    return 0


def _name(found: Report) -> str:
    race = any(cell.reference for cell in found.cells)
    return found.manifest.scenario.name + ("-race" if race else "")


def render(root: Path) -> None:
    """README and plot anew, from what is published. LabError where the README lost its marks."""
    published = load(root / "results" / PUBLISHED)
    path = root / "README.md"
    remedy = "git checkout README.md"
    try:
        text = readme.replaced(files.text(path, remedy), readme.block(published))
    except ValueError as error:
        raise LabError(f"README.md: {error}", remedy) from error
    durable.write(path, text)
    for svg, drawn in readme.pictures(published).items():
        durable.write(root / svg, drawn)


def load(folder: Path) -> dict[str, Report]:
    """By the scenario's name, each with what was known of its host when it was published."""
    names = [path.parent.name for path in sorted(folder.glob("*/manifest.json"))]
    ordered = [*(name for name in ORDER if name in names), *(n for n in names if n not in ORDER)]
    return {name: report.load(RunFolder(folder / name)) for name in ordered}


def _fit(found: Report) -> None:
    manifest = found.manifest
    wrong = list(found.shortfall)
    if manifest.state != "complete":
        wrong.append(f"the run is {manifest.state}")
    fewest = FEWEST_TRIALS_OF_A_LADDER if len(manifest.users) > 1 else FEWEST_TRIALS
    if manifest.trials < fewest:
        wrong.append(f"it has {manifest.trials} trials of each cell, not {fewest}")
    if manifest.git_dirty:
        wrong.append("files differed from the commit that it names")
    if wrong:
        raise LabError(
            "\n".join([f"{manifest.run} is not fit to be published:", *wrong]),
            "RESUME it, or measure anew from a clean commit",
            MISUSED,
        )


def _copied(source: Path, target: Path, manifest: Manifest, results: Path) -> None:
    """In place of an older one; whole, or not at all. What is known of the host comes along."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, fresh, ignore=LEFT_BEHIND)
        if (source / "trials").is_dir():
            (fresh / packed.NAME).write_bytes(packed.pack(source))
        if (noise := noise_floor.read(results, manifest)) is not None:
            noise_floor.write(fresh, manifest.scenario.name, noise)
        if costs := ceiling.known(manifest, [results]).costs:
            ceiling.write(fresh, Calibration(costs=costs))
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
    except OSError as error:
        raise durable.refused(target, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
