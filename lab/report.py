"""The report of a run, from its files alone, as often as wanted: terminal, Markdown, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from lab import durable, table
from lab.cells import Cell, cells
from lab.manifest import Manifest
from lab.result import Result
from lab.results import RunFolder
from lab.run import summary

FORMAT = 1


@dataclass(frozen=True)
class Report:
    """A run as it was found on the disk."""

    manifest: Manifest
    results: Sequence[Result]

    @property
    def cells(self) -> list[Cell]:
        return cells(self.results, self.manifest.models)

    @property
    def missing(self) -> int:
        """Trials of the plan that were never finished."""
        return len(self.manifest.plan) - len(self.results)

    @property
    def bad(self) -> list[Result]:
        return [result for result in self.results if result.judgement.verdict != "valid"]

    @property
    def shortfall(self) -> list[str]:
        """What the run promised and does not hold; empty for a good one."""
        lines = []
        if self.missing:
            why = f": {self.manifest.why}" if self.manifest.why else ""
            planned = len(self.manifest.plan)
            lines.append(f"{self.missing} of {planned} trials were not run to their end{why}")
        for result in self.bad:
            number, model = result.server.number, result.server.model
            lines.append(
                f"trial {number} ({model}, {result.server.users} users): {summary(result)}"
            )
        return lines


def load(folder: RunFolder) -> Report:
    """LabError where the folder holds no run."""
    return Report(folder.manifest(), folder.results())


def write(folder: RunFolder, report: Report) -> None:
    """The three files; those of an earlier report are replaced."""
    durable.write(folder.path / "report.md", markdown(report))
    durable.write(folder.path / "report.csv", as_csv(report.cells))
    durable.write(folder.path / "report.json", as_json(report))


def terminal(report: Report) -> str:
    """The table with what must be known to read it."""
    manifest = report.manifest
    lines = [
        table.render(report.cells),
        *table.footnotes(report.cells),
        "",
        *table.legend(report.cells, manifest.path, manifest.connection),
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
    legend = table.footnotes(report.cells)
    legend += table.legend(report.cells, manifest.path, manifest.connection)
    parts = [
        f"# {manifest.run}",
        "\n".join(about),
        table.render(report.cells, style="github"),
        "\n".join(f"- {line}" for line in legend),
    ]
    if report.shortfall:
        parts += ["## Trials that were not good", "\n".join(f"- {x}" for x in report.shortfall)]
    return "\n\n".join(parts) + "\n"


def as_csv(rows: Sequence[Cell]) -> str:
    """One line a cell, every figure with its unit in its name; empty where there is none."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Cell)], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**asdict(row), "notes": "; ".join(map(str, row.notes))})
    return text.getvalue()


def as_json(report: Report) -> str:
    """Cells and, below them, the trials that made them with their verdicts."""
    trials = [
        {
            "number": result.server.number,
            "block": result.server.block,
            "model": result.server.model,
            "users": result.server.users,
            "verdict": result.judgement.verdict,
            "reasons": [reason.text for reason in result.judgement.reasons],
            "generator": [reason.text for reason in result.judgement.generator],
            "throughput_rps": result.load.window.throughput_rps if result.load else None,
        }
        for result in report.results
    ]
    whole = {
        "format": FORMAT,
        "run": report.manifest.run,
        "state": report.manifest.state,
        "planned": len(report.manifest.plan),
        "cells": [asdict(cell) for cell in report.cells],
        "trials": trials,
    }
    return json.dumps(whole, indent=2) + "\n"
