"""`make reproduce`: a run's plan once more, from its manifest, and whether it comes out the same.

Nothing is checked out, and no image is built whose inputs have not changed. The new run is one like
any other, with the same scenario text, models, steps, trials, settings, way in and seed.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from lab import bench, likeness, ranks, report, resume, topology
from lab.choice import Asked
from lab.compose import FILE
from lab.differences import differences
from lab.errors import FAILED, MisuseError
from lab.plan import load
from lab.progress import PlainLines
from lab.report import Report
from lab.results import RunFolder, find


def reproduce(run: str, blocks: str, begun: str, root: Path, console: Console) -> int:
    """0 where the ranks are the same and nine cells in ten are, or where it was paused.

    `begun`: the new run, where it was paused or broken off.
    """
    if not run:
        raise MisuseError(["RUN: name the run to do again"], "make reproduce RUN=results/...")
    folder = find(root / "results", run)
    declared = topology.read(root / FILE, os.environ)
    choice = resume.choice(resume.Broken(folder, folder.manifest()), Asked(blocks=blocks), declared)
    broken = _begun(begun, folder, root) if begun else None
    again = bench.run(bench.Order(choice, declared, broken), root, console)
    status = bench.show(again, root, console)
    if again.manifest().state == "paused":
        here = os.path.relpath(folder.path)
        hint = f"make reproduce RUN={here} RESUME={again.path.name} goes on with it"
        PlainLines(console).say(hint)
        return status
    known = report.load(folder, root / "results")
    # The floor that the first was ranked by, which a published run brings with it, ranks both.
    found = replace(report.load(again, root / "results"), noise_floor=known.noise_floor)
    lines, same = verdict(known, found)
    print("\n".join(["", *lines]), flush=True)
    return 0 if same else FAILED


def _begun(run: str, folder: RunFolder, root: Path) -> resume.Broken:
    """MisuseError where it is another plan's."""
    broken = resume.find(run, root / "results")
    then, now = folder.manifest(), broken.manifest
    if (then.plan, then.scenario.sha256) != (now.plan, now.scenario.sha256):
        raise MisuseError(
            [f"RESUME: {now.run} is of another plan than {then.run}"],
            "name the run that make reproduce began",
        )
    return broken


def verdict(first: Report, second: Report) -> tuple[list[str], bool]:
    """In words, and whether the second run reproduces the first."""
    changed = differences(first.manifest, second.manifest) + likeness.hosts_speed(first, second)
    found = likeness.likenesses(first, second)
    promised = likeness.promised(first)
    known = {f"{each.model}, {load(*each.step)}" for each in found if each.ratio is not None}
    covered = sum(each.verdict in likeness.SAME for each in found)
    turned = ranks.changed(first.standings, second.standings)
    enough = bool(promised) and covered >= likeness.COVERED * len(promised)
    lines = [f"{first.manifest.run}, and again as {second.manifest.run}:"]
    lines += [f"  changed since: {line}" for line in changed]
    lines += ["", likeness.table(found), "", likeness.basis(first, second)]
    lines += [f"without a figure now: {cell}" for cell in promised if cell not in known]
    lines.append(f"{covered} of {len(promised)} cells are the same (9 in 10 are asked for)")
    if within := sum(each.verdict == "within the noise floor" for each in found):
        lines[-1] += f", {within} of them by the noise floor, {found[0].noise_floor:.1%}"
    same = "ranks are the same" if first.standings else "nothing was ranked in either"
    lines += [f"ranks differ: {line}" for line in turned] or [same]
    lines.append("reproduced" if enough and not turned else "NOT reproduced")
    return lines, enough and not turned
