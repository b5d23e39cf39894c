"""A page of docs/: a record, and a template's prose with places for what was measured.

Places that every template may have: @HOST@ @COMMAND@ @PAIRS@ @SECONDS@ @DATE@. The others are its
benchmark's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tabulate import tabulate

from benchmarks import record as records
from benchmarks.benchmark import Benchmark
from benchmarks.record import Record
from lab.records import durable, files


def write(benchmark: Benchmark, root: Path) -> None:
    """From the record and the template as they are. Raises LabError."""
    kept = records.read(root / benchmark.record, benchmark.command)
    template = files.text(root / benchmark.template, f"git checkout {benchmark.template}")
    durable.write(root / benchmark.page, render(benchmark, kept, template))


def render(benchmark: Benchmark, record: Record, template: str) -> str:
    """The page."""
    values = {
        **benchmark.values(record),
        "HOST": table(("", ""), [*record.host.items(), *record.versions.items()], "pipe"),
        "COMMAND": record.command,
        "PAIRS": str(record.pairs),
        "SECONDS": str(record.seconds),
        "DATE": record.at,
    }
    notice = f"Made by `{benchmark.command}` from {benchmark.template}; do not edit here."
    page = f"<!-- {notice} -->\n{template}"
    for name, value in values.items():
        page = page.replace(f"@{name}@", value)
    return page


def table(columns: Sequence[str], lines: Iterable[Sequence[str]], style: str) -> str:
    """`style`: `pipe` for a page, `simple` for a terminal."""
    return tabulate(lines, headers=columns, tablefmt=style, disable_numparse=True)


def listed(lines: Iterable[str]) -> str:
    """A line for each, or that there is none."""
    return "\n".join(f"- {line}" for line in lines) or "Nothing."
