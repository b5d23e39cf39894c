"""`make race`: all models and references over the same scenarios, a run for each scenario."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console

from lab.commands import bench
from lab.plan import foreign
from lab.plan.choice import Asked
from lab.run.progress import PlainLines

SCENARIOS = ("static", "keep-alive")  # which ask for files alone: references have nothing else


def race(trials: str, with_file: str, root: Path, console: Console) -> int:
    """0 where every trial of every run was good. Ctrl-C ends the run at hand and the race."""
    everybody = ",".join(foreign.read(root, with_file, os.environ).servers)
    worst = 0
    for place, scenario in enumerate(SCENARIOS, 1):
        PlainLines(console).say(f"race {place} of {len(SCENARIOS)}: {scenario}")
        asked = Asked(scenario, models=everybody, trials=trials, with_file=with_file)
        worst = max(worst, bench.bench(asked, root, console))
    return worst
