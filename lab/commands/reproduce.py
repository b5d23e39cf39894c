"""`make reproduce`: a run's plan once more, from its manifest, and whether it comes out the same.

Nothing is checked out, and no image is built whose inputs have not changed. The new run is one like
any other, with the same scenario text, models, steps, trials, settings, path and seed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from lab.commands import bench
from lab.errors import FAILED, MisuseError
from lab.plan import foreign, load_hosts, topology
from lab.plan.choice import Asked, Choice
from lab.plan.load_hosts import AskedHost
from lab.plan.topology import FILE
from lab.records.run_folder import RunFolder, find
from lab.records.step import describe_step
from lab.report import cell_comparison, ranks, report
from lab.report.cell_comparison import CellComparison
from lab.report.ranks import Change
from lab.report.report import Report
from lab.run import resume
from lab.run.measure import Order


def reproduce(run: str, begun: str, elsewhere: Asked, root: Path, console: Console) -> int:
    """0 where it comes out the same (see `verdict`), or where it was paused.

    `begun`: the new run, where it was paused or broken off. `elsewhere`: blocks to measure now, and
    load hosts in the place of those that the run had.
    """
    if not run:
        raise MisuseError(["RUN: name the run to do again"], "make reproduce RUN=results/...")
    folder = find(root / "results", run)
    kept = folder.manifest().foreign
    declared = foreign.again(topology.read(root / FILE, os.environ), kept, os.environ)
    asked = Asked(blocks=elsewhere.blocks)
    choice = resume.choice(resume.Broken(folder, folder.manifest()), asked, declared)
    choice = from_other_hosts(choice, elsewhere)
    broken = _begun(begun, folder, root) if begun else None
    command = f"make reproduce RUN={os.path.relpath(folder.path)}"
    order = Order(choice, declared, broken, command=command)
    again = bench.run_and_show(order, root, console)
    if again.manifest.state == "paused":
        return bench.status(again)
    known = report.load(folder, root / "results")
    # The floor that the first was ranked by, which a published run brings with it, ranks both.
    lines, same = verdict(known, replace(again, noise_floors=known.noise_floors))
    print("\n".join(["", *lines]), flush=True)
    return 0 if same else FAILED


def from_other_hosts(choice: Choice, elsewhere: Asked) -> Choice:
    """Over other hosts, or at another address. MisuseError where they are not as many."""
    if not elsewhere.hosts and not elsewhere.address:
        return choice
    mistakes: list[str] = []
    hosts = load_hosts.read(elsewhere.hosts, mistakes) or choice.hosts
    if len(hosts) != len(choice.hosts):
        mistakes.append(f"HOSTS: the run had {len(choice.hosts)} load hosts, not {len(hosts)}")
    if not hosts:
        mistakes.append("ADDRESS: the run had no load hosts")
    address = load_hosts.address(elsewhere.address, mistakes)
    if mistakes:
        raise MisuseError(mistakes, "a run over load hosts is reproduced over as many")
    pairs = zip(hosts, choice.hosts, strict=True)
    as_many = tuple(AskedHost(new.name, new.workers or old.workers) for new, old in pairs)
    return replace(choice, hosts=as_many, address=address)


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
    """In words, and whether the second run reproduces the first: every figure is there again, none
    is claimed to differ, and no pair of models is told apart the other way round. How often that
    is wrong is in docs/measuring.md."""
    found = cell_comparison.compare_cells(first, second)
    promised = cell_comparison.promised(first)
    known = {
        f"{each.model}, {describe_step(*each.step)}" for each in found if each.ratio is not None
    }
    gone = [cell for cell in promised if cell not in known]
    changes = ranks.changed(first.rankings, second.rankings)
    differs = any(each.verdict == "differs" for each in found)
    same = bool(promised) and not (gone or differs or any(change.turned for change in changes))
    floor = cell_comparison.noise_floor(first, second)
    lines = [
        f"{first.manifest.run}, and again as {second.manifest.run}:",
        *(f"  changed since: {line}" for line in cell_comparison.changed(first, second)),
        *cell_comparison.lines(first, second, found),
        *(f"without a figure now: {cell}" for cell in gone),
        _counted(found, len(promised), floor),
        *(_told(changes) if first.rankings or second.rankings else ["nothing was ranked"]),
    ]
    if differs and not floor:
        lines.append(
            "this host's noise floor is not known, so a difference of any size counts: make noise"
            " measures it, then make compare holds both runs to it"
        )
    if not same:
        return [*lines, "NOT reproduced"], same
    return [*lines, "reproduced" + (", but for what one run alone tells" if changes else "")], same


def _counted(found: Sequence[CellComparison], promised: int, floor: float) -> str:
    """How many cells came out how."""
    counts = Counter(each.verdict for each in found)
    told = [f"of {promised} cells {counts['the interval holds 1']} have an interval that holds 1"]
    if within := counts["within the noise floor"]:
        told.append(f"{within} within the noise floor, {floor:.1%}")
    if chance := counts["may be chance among so many"]:
        told.append(f"{chance} may be chance among so many")
    return ", ".join([*told, f"{counts['differs']} differ"])


def _told(changes: Sequence[Change]) -> list[str]:
    return [
        f"{'ranks turned' if change.turned else 'one run alone tells'}: {change.words}"
        for change in changes
    ] or ["ranks are the same"]
