"""Fills the page's view from a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import yaml

from lab.analysis import found_rate
from lab.analysis.bends import bends
from lab.report import columns, table, whys
from lab.report.page.curve import curve
from lab.report.page.facts import command, host, origin, summary
from lab.report.page.seconds import moments
from lab.report.page.tables import figures, pairs
from lab.report.page.view import PERCENTILES, Group, Step, Trial, View
from loadgen.formats import histogram as hdr

if TYPE_CHECKING:
    from lab.analysis.cells import Cell
    from lab.analysis.cells import Step as Key
    from lab.analysis.mechanism import Mechanism
    from lab.analysis.result import Result
    from lab.records.manifest import Manifest
    from lab.report.report import Report

# Limits that leave a figure the server's own: at its end, or not pressed to it.
SERVERS = ("server", "neither")
CHIEF_WIDTH = 100  # characters of the page's first table
MORE_TAIL = 10  # answers beyond a percentile, or it is not told


def gather(report: Report) -> View:
    manifest, results = report.manifest, report.results
    steps = _steps(results)
    loads = [result.load for result in results if result.load]
    loop: Literal["closed", "open"] = (
        "open" if any(load.loop == "open" for load in loads) else "closed"
    )
    cells = report.cells
    shown = columns.columns(cells, report.rankings)
    known = dict.fromkeys([*manifest.models, *(result.server.model for result in results)])
    ran = {result.server.model for result in results}
    return View(
        run=manifest.run,
        about=about(manifest),
        answer=tuple(report.answer),
        summary=summary(manifest, loop),
        load=loop,
        models=tuple(model for model in known if model in ran),
        steps=tuple(
            sorted(
                {steps[_key(result)] for result in results if result.load},
                key=lambda step: (step.height, step.users),
            )
        ),
        groups=tuple(_groups(report, cells, steps)),
        trials=tuple(_trial(result, steps[_key(result)]) for result in results),
        cells=figures(table.chief(shown, cells, CHIEF_WIDTH), cells),
        every_column=figures(shown, cells),
        orders={
            steps[each.step].label: tuple(g for g in each.order.groups() if len(g) > 1)
            for each in report.rankings
            if each.by == "throughput" and each.order.says_something
        },
        search=tuple(found_rate.lines(report.search)) if report.search else (),
        objective_ms=report.search.within_ms if report.search else None,
        bends=tuple(bends(cells)),
        pairs=pairs(report.rankings, steps),
        notes=tuple(report.doubts),
        legend=tuple(report.reading),
        shortfall=tuple(report.shortfall),
        sentences=tuple(whys.paragraphs(cells)),
        spread="over the 95 % interval of the median",
        host=host(manifest),
        origin=origin(manifest),
        command=command(manifest),
        scenario=manifest.scenario.text,
    )


def about(manifest: Manifest) -> str:
    """The question: the scenario's about line, or its name where it has none."""
    try:
        scenario = yaml.safe_load(manifest.scenario.text)
    except yaml.YAMLError:
        scenario = None
    line = scenario.get("about") if isinstance(scenario, dict) else None
    return line if isinstance(line, str) and line.strip() else manifest.scenario.name


def _key(result: Result) -> Key:
    return result.server.users, result.server.rate_rps


def _steps(results: Sequence[Result]) -> dict[Key, Step]:
    """A step is named by what differs from step to step."""
    keys = dict.fromkeys(map(_key, results))
    same_rate = len({rate for _, rate in keys}) == 1
    same_users = len({users for users, _ in keys}) == 1

    def label(users: int, rate_rps: float | None) -> str:
        rate = "" if rate_rps is None else f"{rate_rps:,.10g}/s"
        people = f"{users:,} user{'' if users == 1 else 's'}"
        if not rate or (same_rate and not same_users):
            return people
        return rate if same_users else f"{rate}, {people}"

    return {key: Step(*key, label(*key)) for key in keys}


def _sound(result: Result) -> bool:
    return result.judgement.verdict == "valid" and result.judgement.limit in SERVERS


def _trial(result: Result, step: Step) -> Trial:
    judgement, load, server = result.judgement, result.load, result.server
    verdict = judgement.verdict if judgement.verdict != "valid" else judgement.limit or "valid"
    return Trial(
        number=server.number,
        block=server.block,
        model=server.model,
        step=step,
        throughput_rps=load.window.throughput_rps if load else None,
        p99_us=load.latency_us.p99 if load and load.latency_us else None,
        sound=_sound(result),
        verdict=verdict,
        reasons=tuple(
            reason.text
            for reason in (
                *judgement.reasons,
                *(judgement.bottleneck.reasons if judgement.bottleneck else ()),
                *judgement.flags,
            )
        ),
    )


def _groups(report: Report, cells: Sequence[Cell], steps: dict[Key, Step]) -> list[Group]:
    by_key: dict[tuple[str, Key], list[Result]] = {}
    for result in report.results:
        by_key.setdefault((result.server.model, _key(result)), []).append(result)
    return [_group(cell, by_key[cell.model, cell.step], steps[cell.step]) for cell in cells]


def _group(cell: Cell, results: Sequence[Result], step: Step) -> Group:
    counted = [result for result in results if result.judgement.verdict != "invalid"] or results
    loads = [result.load for result in counted if result.load]
    latencies = [load.latency_us for load in loads if load.latency_us]
    whole = hdr.merge(hdr.decode(each.histogram, each.min, each.max) for each in latencies)
    count = int(whole.get_total_count())
    user_us, system_us = _cpu(cell.mechanism)
    return Group(
        cell=cell,
        step=step,
        percentiles_us=tuple(
            hdr.percentile(whole, q) if count * (100 - q) >= 100 * MORE_TAIL - 1e-6 else None
            for q in PERCENTILES
        ),
        curve=curve(whole),
        cpu_user_us=user_us,
        cpu_system_us=system_us,
        sound=cell.ranks or all(map(_sound, counted)),
        moments=tuple(moments(loads)),
    )


def _cpu(cell: Mechanism) -> tuple[float | None, float | None]:
    """In the server's code, and in the kernel with its softirqs. Medians of parts do not add up to
    that of the whole: the whole is shared out as they are."""
    if cell.cpu_us is None or cell.cpu_user_us is None or cell.cpu_system_us is None:
        return None, None
    kernel_us = cell.cpu_system_us + (cell.cpu_softirq_us or 0.0)
    if not cell.cpu_user_us + kernel_us:
        return None, None
    share = cell.cpu_user_us / (cell.cpu_user_us + kernel_us)
    return cell.cpu_us * share, cell.cpu_us * (1 - share)
