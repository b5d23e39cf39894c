"""Whether the servers take the settings that a run asks for, by their own rules.

The rules are written once, in `servers/`, which the lab does not import: each server is asked to
judge its settings and end (`python -m servers MODEL --check`), before anything is started.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.plan.topology import KNOB

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 20


def refused(asked: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
    """What is wrong, a line each, without repetition. `asked`: models with their settings."""
    wanted = [(model, settings) for model, settings in asked if settings]
    with ThreadPoolExecutor(4) as pool:
        told = pool.map(_judged, wanted)
        return list(dict.fromkeys(line for lines in told for line in lines))


def _judged(asked: tuple[str, Mapping[str, str]]) -> list[str]:
    model, settings = asked
    if not (ROOT / "servers" / f"{model}.py").is_file():
        return []  # somebody else's server: it has no settings of ours
    kept = {name: value for name, value in os.environ.items() if not name.startswith(KNOB)}
    done = subprocess.run(  # noqa: S603 - this Python, and a model's name
        [sys.executable, "-m", "servers", model, "--check"],
        cwd=ROOT,
        env={**kept, **{f"{KNOB}{name.upper()}": value for name, value in settings.items()}},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    lines = done.stderr.strip().splitlines() if done.returncode else []
    return [f"server: {line.removeprefix('servers: ')}" for line in lines]
