"""`make positive-control`: a difference that was put there, and whether the lab finds it.

epoll runs beside a copy that burns a tenth more CPU for each request (images/burner). In a closed
loop whose limit is the server, its throughput is that of 1 / 1.1; in an open loop, at one rate, an
answer costs 1.1 times the CPU time, most exactly with both in the same moments (SCENARIO=cost). The
lab is to claim the difference, and the interval of the ratio is to hold 1.1. Which of the two is
slower was known beforehand, so the test looks to that side alone, and 5 trials can tell. Where the
load generator is the limit of a closed loop there is nothing to be found, and a scenario that comes
to that is a mistake.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from lab.commands import bench
from lab.errors import FAILED, MISUSED, LabError
from lab.plan import topology
from lab.plan.choice import Asked, check
from lab.plan.topology import FILE, Topology
from lab.records.noise_floor import By
from lab.records.step import describe_step
from lab.report.report import Report
from lab.run.measure import Order
from lab.statistics.ranking import Comparison, doubt

MODEL = "epoll"  # the burner's; one process, so that its clock is each request's
BURNING = MODEL + "-burning"
SERVICE = "burner"
SHARE = "BURNT_SHARE"
SHOWS: tuple[By, ...] = ("throughput", "CPU")  # the figures in which the burning appears


def measure(asked: Asked, root: Path, console: Console) -> int:
    """0 where the difference was found at every step. LabError where there was none to be found."""
    declared = topology.read(root / FILE, os.environ)
    choice = check(asked, declared, root)
    both = replace(choice, models=(MODEL, BURNING), variants={})
    order = Order(both, with_burning(declared), command=None)
    measured = bench.run_and_show(order, root, console)
    lines, found = verdict(measured, float(declared.variables[SHARE]))
    print("\n".join(["", *lines]), flush=True)
    return bench.status(measured) if found else FAILED


def with_burning(declared: Topology) -> Topology:
    """The same model once more, run by the service and the image that burn."""
    image = next(each.tag for each in declared.images.values() if SERVICE in each.services)
    burning = replace(declared.models[MODEL], name=BURNING, service=SERVICE, image=image)
    return replace(declared, models={**declared.models, BURNING: burning})


def verdict(found: Report, share: float) -> tuple[list[str], bool]:
    """In words, and whether the truth, 1 + share, was found at every step.

    LabError where a step was not ranked: it shows nothing, neither that the lab finds nor that it
    misses.
    """
    truth = 1 + share
    steps = dict.fromkeys(cell.step for cell in found.cells)
    compared = {
        each.step: each for each in found.rankings if each.by in SHOWS and not each.at_least
    }
    unranked = [describe_step(*step) for step in steps if step not in compared]
    if unranked or not steps:
        raise LabError(
            f"nothing was compared, as the figures are not the servers' own: {', '.join(unranked)}",
            "take a scenario that costs the server more: make positive-control SCENARIO=cpu; or one"
            " at a rate that it can take: SCENARIO=cost",
            MISUSED,
        )
    lines, right = [], True
    for step, ranking in compared.items():
        [each] = ranking.comparisons
        span = each.ratio.interval if each.ratio else None
        holds = span is not None and span.holds(truth)
        claimed = _slower(each, found.noise_floors.get(ranking.by, 0.0))
        right = right and holds and claimed
        said = f"{span.mid:.3f} [{span.low:.3f}, {span.high:.3f}]" if span else "no ratio"
        lines.append(
            f"{each.first} / {each.second}, {describe_step(*step)}, by {ranking.by}: {said};"
            f" {'claimed' if claimed else 'NOT claimed'}, the interval"
            f" {'holds' if holds else 'does NOT hold'} the true {truth:.3f}"
        )
    return lines, right


def _slower(compared: Comparison, floor: float) -> bool:
    """Whether the burning copy, `second` by the order of the choice, is claimed to be slower."""
    ratio = compared.ratio
    if ratio is None or ratio.interval.mid <= 1:
        return False
    return doubt(ratio, ratio.p / 2, floor) is None
