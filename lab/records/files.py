"""Paths and files that people give or may edit, looked at and read in one place.

Whatever is wrong with one (a name too long, a folder that may not be read, bytes that are no UTF-8,
a field of the wrong type) is a LabError of one line.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from lab.errors import LabError

LONGEST_SHOWN = 100
Model = TypeVar("Model", bound=BaseModel)


def is_file(path: Path) -> bool:
    """LabError where it cannot be looked at."""
    return _looked_at(path, Path.is_file)


def exists(path: Path) -> bool:
    """LabError where it cannot be looked at."""
    return _looked_at(path, Path.exists)


def text(path: Path, remedy: str = "") -> str:
    """The file's text, which is UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise LabError(f"{shown(path)} is not UTF-8 (line {line})", remedy) from error
    except (OSError, ValueError) as error:
        raise LabError(f"{shown(path)} cannot be read: {_why(error)}", remedy) from error


def model(path: Path, kind: type[Model], remedy: str = "") -> Model:
    """The file's JSON as this kind of record."""
    return parsed(contents(path, remedy), path, kind, remedy)


def contents(path: Path, remedy: str = "") -> bytes:
    """LabError where they cannot be read."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise LabError(f"{shown(path)} cannot be read: {_why(error)}", remedy) from error


def parsed(data: bytes, path: Path, kind: type[Model], remedy: str = "") -> Model:
    """JSON that was read from a path, as this kind of record."""
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        what = f"{where}: {first['msg']}" if where else first["msg"]
        raise LabError(f"{shown(path)} cannot be used: {what}", remedy) from error


def _looked_at(path: Path, look: Callable[[Path], bool]) -> bool:
    try:
        return look(path)
    except (OSError, ValueError) as error:
        raise LabError(f"{shown(path)} cannot be read: {_why(error)}") from error


def shown(path: Path) -> str:
    """For a message: a very long one is cut."""
    name = str(path)
    return name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}..."


def _why(error: Exception) -> str:
    """ValueError: a path with a NUL, or one that is no text."""
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return str(error)
