"""Fills the page's view from a report. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import yaml

from lab import table
from lab.page.curve import curve
from lab.page.facts import command, host, origin, summary
from lab.page.seconds import moments
from lab.page.view import PERCENTILES, Group, Interval, Step, Trial, View
from loadgen import histogram as hdr

if TYPE_CHECKING:
    from lab.cells import Cell
    from lab.manifest import Manifest
    from lab.report import Report
    from lab.result import Result

MORE_TAIL = 10  # answers beyond a percentile, or it is not told


def gather(report: Report) -> View:
    manifest, results = report.manifest, report.results
    steps = _steps(results)
    loads = [result.load for result in results if result.load]
    loop: Literal["closed", "open"] = (
        "open" if any(load.loop == "open" for load in loads) else "closed"
    )
    cells = report.cells
    columns = table.columns(cells)
    known = dict.fromkeys([*manifest.models, *(result.server.model for result in results)])
    ran = {result.server.model for result in results}
    return View(
        run=manifest.run,
        about=about(manifest),
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
        heads=tuple(name for name, _ in columns),
        rows=tuple(tuple(show(cell) for _, show in columns) for cell in cells),
        notes=tuple(table.footnotes(cells)),
        legend=tuple(table.legend(cells, manifest.path, manifest.connection)),
        shortfall=tuple(report.shortfall),
        sentences=(),
        spread="from the lowest to the highest trial",
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


Key = tuple[int, float | None]


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
    return result.judgement.verdict == "valid" and result.judgement.limit is None


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
        reasons=tuple(reason.text for reason in (*judgement.reasons, *judgement.generator)),
    )


def _groups(report: Report, cells: Sequence[Cell], steps: dict[Key, Step]) -> list[Group]:
    by_key: dict[tuple[str, Key], list[Result]] = {}
    for result in report.results:
        by_key.setdefault((result.server.model, _key(result)), []).append(result)
    groups = []
    for cell in cells:
        for (model, key), found in by_key.items():
            if model == cell.model and key[0] == cell.users:
                groups.append(_group(cell, found, steps[key]))
    return groups


def _group(cell: Cell, results: Sequence[Result], step: Step) -> Group:
    counted = [result for result in results if result.judgement.verdict != "invalid"] or results
    loads = [result.load for result in counted if result.load]
    latencies = [load.latency_us for load in loads if load.latency_us]
    whole = hdr.merge(hdr.decode(latency.histogram) for latency in latencies)
    count = int(whole.get_total_count())
    user_us, system_us = _cpu(cell.cpu_us_per_request, counted)
    return Group(
        model=cell.model,
        step=step,
        trials=len(loads),
        throughput_rps=cell.throughput_rps,
        throughput=_range([load.window.throughput_rps for load in loads]),
        p99_us=cell.p99_us,
        p99=_range([latency.p99 for latency in latencies]) if cell.p99_us else None,
        percentiles_us=tuple(
            hdr.percentile(whole, q) if count * (100 - q) >= 100 * MORE_TAIL - 1e-6 else None
            for q in PERCENTILES
        ),
        max_us=cell.max_us,
        curve=curve(whole),
        cpu_user_us=user_us,
        cpu_system_us=system_us,
        sound=all(map(_sound, counted)),
        moments=tuple(moments(loads)),
    )


def _range(values: Sequence[float]) -> Interval | None:
    return Interval(min(values), max(values)) if len(values) > 1 else None


def _cpu(whole_us: float | None, results: Sequence[Result]) -> tuple[float | None, float | None]:
    """The cell's CPU time of an answer, shared out as the trials' ticks were."""
    user_s = system_s = 0.0
    for opened, closed in ((result.server.opened, result.server.closed) for result in results):
        if opened and closed:
            user_s += max(0.0, closed.cpu_user_s - opened.cpu_user_s)
            system_s += max(0.0, closed.cpu_system_s - opened.cpu_system_s)
    if whole_us is None or user_s + system_s <= 0:
        return None, None
    share = user_s / (user_s + system_s)
    return whole_us * share, whole_us * (1 - share)
