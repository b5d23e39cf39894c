"""The folder in memory: the file that everybody serves, the C originals, the head to be equalled.

PLACE/public/615b.html   the document root of nginx and of the originals
PLACE/iterative ...      the originals, built here by their own Makefile
PLACE/head.json          fields that the applications under uvicorn and gunicorn answer with
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

FILE = "615b.html"
ADDED_BY_SERVERS = ("date", "connection", "server")


def furnish(place: Path, site: Path) -> bytes:
    """Put the file there; its bytes."""
    (place / "public").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(site / FILE, place / "public" / FILE)
    return (place / "public" / FILE).read_bytes()


def keep_head(place: Path, fields: Iterable[tuple[str, str]]) -> None:
    """For answers.py."""
    kept = [(name, value) for name, value in fields if name.lower() not in ADDED_BY_SERVERS]
    (place / "head.json").write_text(json.dumps(kept))


def build(sources: Path, place: Path, model: str) -> str:
    """Build one original beside the file; what the compiler said where it failed, else nothing."""
    built = place / "sources"
    if not built.exists():
        shutil.copytree(sources, built, ignore=shutil.ignore_patterns(".git"))
        shutil.copytree(built / "templates", place / "templates", dirs_exist_ok=True)
    done = subprocess.run(  # noqa: S603
        ["make", "--silent", "-C", str(built), model],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        return (errors or done.stderr.splitlines() or ["make failed"])[0]
    (built / model).replace(place / model)
    return ""
