"""What a run of `make generator` measured, kept beside the page (docs/loadgen.json), format 1.

As speed/record.py has it: page and prose can change without measuring again, and every figure
behind a median can be read.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from generator.inside.events import Measured
from speed.record import read_as

FORMAT = 1


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


def read(path: Path) -> Record:
    """Raises LabError where it is missing or is not what it should be."""
    return read_as(Record, path, "make generator")
