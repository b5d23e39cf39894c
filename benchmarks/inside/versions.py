"""What takes part, by version: asked of each program, the way it likes to be asked."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable

ASKED = {  # command line -> which line says it; some answer on standard error, some exit with 1
    "Python": ("python3", "--version"),
    "nginx": ("nginx", "-v"),
    "Apache": ("apache2", "-v"),
    "ab": ("ab", "-V"),
    "wrk": ("wrk", "-v"),
}


def programs(names: Iterable[str] = ASKED) -> dict[str, str]:
    """Name -> first line of its answer."""
    return {name: _first_line(ASKED[name]) for name in names}


def packages(python: str, names: Iterable[str]) -> dict[str, str]:
    """Those that this interpreter has."""
    script = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    return {name: _first_line((python, "-c", script, name)) for name in names}


def _first_line(words: tuple[str, ...]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    return (done.stdout or done.stderr).strip().partition("\n")[0]
