"""Hidden folders in results/ that a command writes into while it runs, and that go when it ends.

A kill leaves its folder behind. So its name tells the process (`.ui-1234-k3x`), and whoever comes
next takes away those whose process is gone.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from lab.records import durable

_NAME = re.compile(r"\.(?:ui|calibration)-(?:(?P<pid>\d+)-)?\w+")


@contextmanager
def folder(results: Path, what: Literal["ui", "calibration"]) -> Iterator[Path]:
    """One of this process. LabError where results/ cannot be written."""
    remove_left(results)
    try:
        results.mkdir(exist_ok=True)
        made = TemporaryDirectory(prefix=f".{what}-{os.getpid()}-", dir=results)
    except OSError as error:
        raise durable.refused(results, error) from error
    with made as name:
        yield Path(name)


def remove_left(results: Path) -> list[str]:
    """Those that nobody uses any more, as far as they may be removed; their names."""
    left = [path for path in results.glob(".*") if _is_left(path)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return [path.name for path in left if not path.exists()]


def _is_left(path: Path) -> bool:
    """An older lab named no process; it is not the one that runs now."""
    found = _NAME.fullmatch(path.name)
    if found is None or not path.is_dir():
        return False
    return found["pid"] is None or not Path(f"/proc/{found['pid']}").exists()
