"""The record beside a page: of either benchmark, and of the format before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import record as records
from benchmarks.inside.measured import Measured
from benchmarks.record import Record
from lab.errors import LabError

FIGURES = [
    Measured("uvicorn", "epoll", 1, {"rate_per_s": 90_000.0}),
    Measured("uvicorn", "uvicorn", 1, faults="reset"),
    Measured(
        "counts", "fresh", 1, {"requests": 1.0, "differing": 1.0}, remark="4 answers, 3 taken"
    ),
]
MADE = Record(
    at="2026-11-23T19:00+00:00",
    command="make speed PAIRS=1",
    pairs=1,
    seconds=3,
    host={"CPU": "Abacus, 2 online"},
    versions={"nginx": "nginx/1.26"},
    figures=FIGURES,
)


def read(path: Path, text: str) -> Record:
    path.write_text(text)
    return records.read(path, "make speed")


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    records.write(tmp_path / "record.json", MADE)
    assert records.read(tmp_path / "record.json", "make speed") == MADE


def test_a_record_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"record\.json cannot be read"):
        records.read(tmp_path / "record.json", "make speed")


def but(**changes: object) -> str:
    return json.dumps(MADE.model_dump() | changes)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", but(figures=1), but(figures=[{"rate_per_s": 1}]), but(format=3)]
)
def test_a_file_that_is_no_record_is_told_with_what_makes_one(tmp_path: Path, text: str) -> None:
    with pytest.raises(LabError, match="measure first: make speed"):
        read(tmp_path / "record.json", text)
