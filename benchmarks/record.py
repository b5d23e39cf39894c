"""What a run measured, kept beside its page in docs/, format 2.

The page is rendered from this file and from the prose of a template, so that a word can be changed
without measuring again, and so that every figure behind a median can be read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from benchmarks.inside.measured import Measured
from lab.records import durable, files


class Record(BaseModel):
    """`host` and `versions` in the order in which the page shows them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[2] = 2
    at: str  # UTC, ISO 8601
    command: str
    pairs: int
    seconds: int
    host: dict[str, str]
    versions: dict[str, str]
    figures: list[Measured]


def write(path: Path, record: Record) -> None:
    """Whole or not at all. Raises LabError."""
    durable.write(path, json.dumps(record.model_dump(), indent=1) + "\n")


def read(path: Path, command: str) -> Record:
    """Raises LabError where it is not there or not what `command` makes."""
    return files.model(path, Record, f"measure first: {command}")
