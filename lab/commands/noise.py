"""`make noise`: runs models against themselves, and keeps the noise floor that comes out of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from lab.commands import bench
from lab.errors import LabError
from lab.plan import topology, variants
from lab.plan.choice import Asked, check
from lab.plan.topology import FILE, Topology
from lab.records import noise_floor
from lab.report import noise, report
from lab.run.measure import Order


def measure(asked: Asked, root: Path, console: Console) -> int:
    """0 where every trial was good. LabError where there were too few blocks for a floor."""
    declared = topology.read(root / FILE, os.environ)
    choice = check(asked, declared, root)
    declared = variants.declare(declared, choice.variants)
    names = choice.models
    twins = replace(choice, models=(*names, *(name + noise.TWIN for name in names)))
    order = Order(twins, with_twins(declared, names), command=None)
    folder = bench.run(order, root, console)
    found = report.load(folder, root / "results")
    pairs = noise.pairs(found)
    if not pairs:
        bench.show(folder, root, console)
        raise LabError("too few valid trials to tell the noise", "ask for TRIALS=10")
    kept = noise.record(found, pairs)
    noise_floor.write(root / "results", choice.source.name, kept)
    shown = bench.show(folder, root, console)  # by the floor that was just written
    print("\n".join(noise.lines(kept)), flush=True)
    return bench.status(shown)


def with_twins(declared: Topology, names: tuple[str, ...]) -> Topology:
    """Each of these once more under another name: the same service, the same image."""
    twins = {
        name + noise.TWIN: replace(declared.servers[name], name=name + noise.TWIN) for name in names
    }
    return replace(declared, models={**declared.models, **twins})
