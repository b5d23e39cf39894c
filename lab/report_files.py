"""A report as people and programs read it: terminal, Markdown, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict

from lab import durable, legend, table
from lab.cells import Cell
from lab.report import Report
from lab.results import RunFolder

FORMAT = 2  # of report.json; 1 had no intervals, rates, limits, ranks


def write(folder: RunFolder, report: Report) -> None:
    """The three files; those of an earlier report are replaced."""
    durable.write(folder.path / "report.md", markdown(report))
    durable.write(folder.path / "report.csv", as_csv(report.cells))
    durable.write(folder.path / "report.json", as_json(report))


def terminal(report: Report, width: int | None = None) -> str:
    """The table with what must be known to read it. `width`: of the terminal, if it is one."""
    lines = [
        table.render(report.cells, report.standings)
        if width is None
        else table.render_within(width, report.cells, report.standings),
        "",
        *legend.sentences(report.cells),
        "",
        *report.notes,
        *report.shortfall,
    ]
    return "\n".join(lines)


def markdown(report: Report) -> str:
    manifest = report.manifest
    about = [
        f"- scenario `{manifest.scenario.name}`, sha256 `{manifest.scenario.sha256[:12]}`",
        f"- {manifest.created_at}, {manifest.host.cpu_model or 'CPU unknown'},"
        f" {manifest.host.cpus} CPUs, Linux {manifest.host.kernel},"
        f" Docker {manifest.versions.docker}",
        f"- seed {manifest.seed}, {manifest.trials} trials of each cell in shuffled blocks",
    ]
    parts = [
        f"# {manifest.run}",
        "\n".join(about),
        table.render(report.cells, report.standings, style="github"),
        "\n".join(f"- {line}" for line in legend.sentences(report.cells)),
        "\n".join(f"- {line}" for line in report.notes),
    ]
    if report.shortfall:
        parts += ["## Trials that were not good", "\n".join(f"- {x}" for x in report.shortfall)]
    return "\n\n".join(parts) + "\n"


def as_csv(rows: Sequence[Cell]) -> str:
    """One line a cell, every figure with its unit in its name; empty where there is none."""
    lines = [_flat(row) for row in rows]
    names = dict.fromkeys(["model", "users", *(name for line in lines for name in line)])
    text = io.StringIO()
    writer = csv.DictWriter(text, [*names], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def _flat(row: Cell) -> dict[str, object]:
    """Parts get names of their own; the single trials are report.json's to tell."""
    flat: dict[str, object] = {}
    for name, value in asdict(row).items():
        if name == "notes":
            flat[name] = "; ".join(map(str, row.notes))
        elif name in ("throughputs", "sittings", "p99s_us"):
            continue
        elif isinstance(value, dict):
            flat |= {f"{name}_{part}": each for part, each in value.items()}
        else:
            flat[name] = value
    return flat


def as_json(report: Report) -> str:
    """Cells and standings and, below them, the trials that made them with their verdicts."""
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
        "noise_floor": report.noise_floor,
        "cells": [asdict(cell) for cell in report.cells],
        "standings": [asdict(standing) for standing in report.standings],
        "trials": trials,
    }
    return json.dumps(whole, indent=2) + "\n"
