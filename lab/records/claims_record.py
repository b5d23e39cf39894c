"""evidence.json: what experiments on claims have seen, and where. Verdicts are not kept: they are
made from the evidence whenever they are shown.

Format 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from lab.errors import LabError
from lab.records import durable, files
from lab.records.manifest import Host
from lab.records.record import Frozen
from lab.records.run_folder import PUBLISHED

FILE = "evidence.json"
NAME = "claims"  # of a run of all, among the results and among those published


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


def named(results: Path, run: str) -> Path | None:
    """The folder, by a path or among the results, where it holds evidence."""
    return next((path for path in (Path(run), results / run) if files.exists(path / FILE)), None)


def find(results: Path, run: str) -> Path:
    """The folder named, by a path or among the results; else this machine's newest run of all
    claims; else the published one. LabError where there is none."""
    if run:
        if found := named(results, run):
            return found
        raise LabError(f"there are no claims in {run!r}", f"name a folder with {FILE} (ls results)")
    own = sorted(path.parent for path in results.glob(f"*-{NAME}/{FILE}"))
    published = results / PUBLISHED / NAME
    if own:
        return own[-1]
    if files.exists(published / FILE):
        return published
    raise LabError("no claim has been tried here yet", "make claims, or make claim CLAIM=zombies")
