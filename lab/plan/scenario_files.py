"""Scenarios by their names in scenarios/, or by a path from anywhere."""

from __future__ import annotations

from pathlib import Path

from lab.errors import LabError
from lab.records import files
from loadgen.formats.problems import nearest


def find(name: str, root: Path, mistakes: list[str]) -> Path | None:
    """A scenario by its name in scenarios/, or by its path."""
    folder = root / "scenarios"
    try:
        for path in (folder / f"{name}.yml", Path(name)):
            if files.is_file(path):
                return path
    except LabError as error:
        mistakes.append(f"SCENARIO: {error.message}")
        return None
    known = [path.stem for path in sorted(folder.glob("*.yml"))]
    if "/" in name or name.endswith((".yml", ".yaml")):
        mistakes.append(f"SCENARIO: {name!r} is no file; name one, or one of {', '.join(known)}")
        return None
    mistakes.append(f"SCENARIO: no scenario {name!r}; {nearest(Path(name).stem, known)}")
    return None


def shown(path: Path, root: Path) -> str:
    """As a person finds it from the root."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
