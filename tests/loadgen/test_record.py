"""load.json: written whole or not at all, and read strictly."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from loadgen.formats.record import LoadRecord, RecordError, read, write
from tests.loadgen.records import record, report


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = record(tmp_path, report("worker-0", [100, 200]))
    path = tmp_path / "load.json"
    path.write_text("an older one")
    write(made, path)
    assert read(path) == made
    assert os.listdir(tmp_path) in (["load.json", "some.yml"], ["some.yml", "load.json"])


@pytest.mark.parametrize(("owner", "step"), [(Path, "open"), (os, "fsync"), (Path, "replace")])
def test_a_failed_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, step: str
) -> None:
    made = record(tmp_path, report("worker-0", [100]))
    path = tmp_path / "load.json"
    path.write_text("before")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(owner, step, full)
    with pytest.raises(OSError, match="No space left"):
        write(made, path)
    monkeypatch.undo()
    assert path.read_text() == "before"
    assert sorted(os.listdir(tmp_path)) == ["load.json", "some.yml"]


def test_a_disk_that_is_full_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    made = record(tmp_path, report("worker-0", [100]))
    path = tmp_path / "load.json"
    path.write_text("before")
    (tmp_path / f".load.json.{os.getpid()}.tmp").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write(made, path)
    assert path.read_text() == "before"
    assert sorted(os.listdir(tmp_path)) == ["load.json", "some.yml"]


def spoiled(made: LoadRecord, **changes: object) -> str:
    return json.dumps(json.loads(made.model_dump_json()) | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 4}, "has format 4, newer than 3; update the lab"),
        ({"format": 0}, "has no format number"),
        ({"format": True}, "has no format number"),
        ({"window_s": "long"}, "window_s: Input should be a valid number"),
        ({"latency_us": None}, "window.good and latency_us.count differ"),
        ({"users": -1}, "users: Input should be greater than or equal to 0"),
        ({"surprise": 1}, "surprise: Extra inputs are not permitted"),
    ],
)
def test_a_spoiled_record_is_refused(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    path = tmp_path / "load.json"
    path.write_text(spoiled(record(tmp_path, report("worker-0", [100, 200])), **changes))
    with pytest.raises(RecordError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff", "null", "[" * 100_000])
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "load.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(RecordError, match=r"load\.json"):
        read(path)


def test_a_missing_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="No such file"):
        read(tmp_path / "load.json")


def test_a_histogram_that_lost_values_is_refused(tmp_path: Path) -> None:
    made = record(tmp_path, report("worker-0", [100, 200]))
    fewer = record(tmp_path, report("worker-0", [100]))
    assert made.latency_us is not None
    assert fewer.latency_us is not None
    part = json.loads(made.latency_us.model_dump_json())
    part["histogram"] = fewer.latency_us.histogram
    path = tmp_path / "load.json"
    path.write_text(spoiled(made, latency_us=part))
    with pytest.raises(RecordError, match="as many values as its count says"):
        read(path)
