"""evidence.json: what experiments on claims have seen, and where. Verdicts are not kept: they are
made from the evidence whenever they are shown.

Format 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from lab.records import durable, files
from lab.records.manifest import Host
from lab.records.record import Frozen

FILE = "evidence.json"


class Gathered(Frozen):
    """The evidence of one claim, in the form that its experiment gives it."""

    gathered_at: str  # UTC, ISO 8601
    took_s: float
    evidence: dict[str, Any]


class ClaimsRecord(Frozen):
    """`claims`: by their ids."""

    format: Literal[1] = 1
    created_at: str
    host: Host
    docker: str
    git_commit: str | None
    git_dirty: bool | None
    claims: dict[str, Gathered]

    def with_claim(self, name: str, gathered: Gathered) -> ClaimsRecord:
        return self.model_copy(update={"claims": {**self.claims, name: gathered}})


def write(folder: Path, record: ClaimsRecord) -> None:
    durable.write(folder / FILE, record.model_dump_json(indent=2) + "\n")


def read(folder: Path) -> ClaimsRecord:
    """LabError where there is none, or it is another kind of file."""
    return files.model(folder / FILE, ClaimsRecord, "name another run of claims (ls results)")
