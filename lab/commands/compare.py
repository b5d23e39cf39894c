"""`make compare`: two runs from the disk; first what differs between them, then by how much."""

from __future__ import annotations

from pathlib import Path

from lab.errors import MisuseError
from lab.records.run_folder import find
from lab.records.step import describe_step
from lab.report import cell_comparison, report
from lab.report.report import Report

BANNER = "THESE RUNS MEASURED DIFFERENT THINGS: no ratio below says anything of a model."


def compare(first: str, second: str, results: Path, *, force: bool) -> int:
    """0. MisuseError where the runs have no cell in common, or cannot be compared and nobody
    forced it."""
    missing = [f"{name}: name a run" for name, run in (("A", first), ("B", second)) if not run]
    if missing:
        raise MisuseError(missing, "as in: make compare A=results/one B=results/other")
    one, other = (report.load(find(results, run), results) for run in (first, second))
    if one.manifest.run == other.manifest.run:
        raise MisuseError([f"A and B are one run, {one.manifest.run}"], "name another for B")
    print(f"first:  {one.manifest.run}\nsecond: {other.manifest.run}\n")
    changed = cell_comparison.changed(one, other)
    print("\n".join(["hosts, images and settings:", *(f"  {line}" for line in changed)]))
    if not changed:
        print("  alike in all that matters")
    apart = cell_comparison.different_things(one.manifest, other.manifest)
    if apart and not force:
        raise MisuseError(
            [f"the runs measured different things: {'; '.join(apart)}"],
            "compare runs of one scenario; FORCE=1 shows the figures all the same",
        )
    if apart:
        print(f"\n{BANNER}\n({'; '.join(apart)})")
    found = cell_comparison.compare_cells(one, other)
    if not found:
        raise MisuseError(
            [f"the runs have no cell in common: {_of(one)}, and {_of(other)}"],
            "compare runs that share a model at the same load",
        )
    if setting := cell_comparison.one_setting(one.manifest, other.manifest):
        print(f"\nOf the servers' settings one differs, {setting}: the ratios show what it does.")
    print("\n".join(cell_comparison.lines(one, other, found)))
    return 0


def _of(report: Report) -> str:
    """What a run has figures of: `poll, epoll at 20 users, 50 users`."""
    models = dict.fromkeys(cell.model for cell in report.cells)
    steps = dict.fromkeys(describe_step(*cell.step) for cell in report.cells)
    return f"{', '.join(models)} at {', '.join(steps)}" if models else "nothing"
