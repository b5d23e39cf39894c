"""A report as people and programs read it: terminal, Markdown, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict

from lab.analysis import found_rate
from lab.analysis.cells import Cell
from lab.analysis.found_rate import SearchRecord
from lab.analysis.rankings import Ranking
from lab.figure import counted
from lab.records import durable
from lab.records.run_folder import RunFolder
from lab.report import ranks, table, whys
from lab.report.report import Report

FORMAT = 3  # of report.json; 1 had no intervals, rates, limits, ranks; 2 no answer, search, places
COLUMNS = 80


def write(folder: RunFolder, report: Report) -> None:
    """The three files; those of an earlier report are replaced."""
    durable.write(folder.path / "report.md", markdown(report))
    durable.write(folder.path / "report.csv", as_csv(report.cells, report.search))
    durable.write(folder.path / "report.json", as_json(report))


def terminal(report: Report, width: int | None = None) -> str:
    """The answer, the chief figures, what qualifies them. `width`: of the terminal, if any."""
    columns = width or COLUMNS
    parts = [
        _wrapped(" ".join(report.answer), columns),
        table.render_within(columns, report.cells, report.rankings),
        "\n".join(_wrapped(line, columns, "- ") for line in _search(report)),
        "\n".join(_wrapped(line, columns, "- ") for line in report.notes),
    ]
    return "\n\n".join(part for part in parts if part)


def _wrapped(text: str, width: int, mark: str = "") -> str:
    """At words; what cannot be broken stays whole."""
    return textwrap.fill(
        text,
        width,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _search(report: Report) -> list[str]:
    return found_rate.lines(report.search) if report.search else []


def markdown(report: Report) -> str:
    manifest = report.manifest
    about = [
        f"- run `{manifest.run}`, scenario `{manifest.scenario.name}`,"
        f" sha256 `{manifest.scenario.sha256[:12]}`",
        f"- {manifest.created_at}, {manifest.host.cpu_model or 'CPU unknown'},"
        f" {manifest.host.cpus} CPUs, Linux {manifest.host.kernel},"
        f" Docker {manifest.versions.docker}",
        f"- seed {manifest.seed}, {counted(manifest.trials, 'trial')} of each cell,"
        " in shuffled blocks",
    ]
    parts = [
        f"# {manifest.scenario.name}, {manifest.created_at[:10]}",
        " ".join(report.answer),
        _listed(_search(report)),
        table.render(report.cells, report.rankings, style="github"),
        _listed(report.notes),
        "## Why",
        _listed([f"{model}: {text}" for model, text in whys.paragraphs(report.cells)]),
        "## Pairs",
        _listed(ranks.in_words(report.rankings)),
        "## The run",
        "\n".join(about),
    ]
    return "\n\n".join(_without_empty(parts)) + "\n"


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _without_empty(parts: Sequence[str]) -> list[str]:
    """Neither empty parts nor headings of nothing."""
    following = [*parts[1:], ""]
    return [
        part
        for part, after in zip(parts, following, strict=True)
        if part and not (part.startswith("## ") and not after)
    ]


def as_csv(rows: Sequence[Cell], search: SearchRecord | None = None) -> str:
    """One line a cell, every figure with its unit in its name; empty where there is none. What a
    search found of a model stands in each of its lines."""
    lines = [{**_flat(row), **_found(row, search)} for row in rows]
    names = dict.fromkeys(["model", "users", *(name for line in lines for name in line)])
    text = io.StringIO()
    writer = csv.DictWriter(text, [*names], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def _found(row: Cell, search: SearchRecord | None) -> dict[str, object]:
    if search is None:
        return {}
    sought: dict[str, object] = {"objective": found_rate.objective(search)}
    for each in search.findings:
        if (each.model, each.users) == (row.model, row.users):
            sought |= {"limit_rps": each.limit_rps, "knee_rps": each.knee_rps}
    return sought


def _flat(row: Cell) -> dict[str, object]:
    """Parts get names of their own; the single trials are report.json's to tell."""
    flat: dict[str, object] = {}
    for name, value in asdict(row).items():
        if name == "notes":
            flat[name] = "; ".join(map(str, row.notes))
        elif name in ("throughputs", "sittings", "p99s_us", "cpus_us"):
            continue
        elif isinstance(value, dict):
            flat |= {f"{name}_{part}": each for part, each in value.items()}
        else:
            flat[name] = value
    return flat


def as_json(report: Report) -> str:
    """Cells and rankings and, below them, the trials that made them with their verdicts."""
    trials = [
        {
            "number": result.server.number,
            "block": result.server.block,
            "model": result.server.model,
            "users": result.server.users,
            "rate_rps": result.server.rate_rps,
            "verdict": result.judgement.verdict,
            "limit": result.judgement.limit,
            "reasons": [reason.text for reason in result.judgement.reasons],
            "limit_reasons": [
                reason.text
                for reason in (
                    result.judgement.bottleneck.reasons if result.judgement.bottleneck else ()
                )
            ],
            "throughput_rps": result.load.window.throughput_rps if result.load else None,
        }
        for result in report.results
    ]
    whole = {
        "format": FORMAT,
        "run": report.manifest.run,
        "state": report.manifest.state,
        "planned": len(report.manifest.plan),
        "answer": report.answer,
        "noise_floors": dict(report.noise_floors),
        "cells": [asdict(cell) for cell in report.cells],
        "rankings": [_ranking(each) for each in report.rankings],
        "search": report.search.model_dump() if report.search else None,
        "trials": trials,
    }
    return json.dumps(whole, indent=2, default=dict) + "\n"


def _ranking(found: Ranking) -> dict[str, object]:
    return {
        "step": found.step,
        "by": found.by,
        "places": {name: found.order.place(name) for name in found.names},
        "at_least": sorted(found.at_least),
        "comparisons": [asdict(each) for each in found.comparisons],
    }
