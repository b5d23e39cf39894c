"""What a run of `make speed` measured, kept beside the page (docs/performance.json), format 1.

The page is rendered from this file and from the prose in performance.md.in, so that a word can be
changed without measuring again, and so that every figure behind a median can be read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from lab import durable
from lab.errors import LabError
from speed.inside.events import Measured

FORMAT = 1
Kind = TypeVar("Kind", bound=BaseModel)


class Record(BaseModel):
    """`host` and `versions` in the order in which the page shows them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    at: str  # UTC, ISO 8601
    command: str
    pairs: int
    seconds: int
    host: dict[str, str]
    versions: dict[str, str]
    figures: list[Measured]


def write(path: Path, record: BaseModel) -> None:
    """Whole or not at all. Raises LabError."""
    durable.write(path, json.dumps(record.model_dump(), indent=1) + "\n")


def read(path: Path) -> Record:
    """Raises LabError where it is missing or is not what it should be."""
    return read_as(Record, path, "make speed")


def read_as(kind: type[Kind], path: Path, command: str) -> Kind:
    """The same for the record of another bench, which `command` makes."""
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise LabError(f"cannot read {path.name}: {error}", f"measure first: {command}") from error
