"""A published run's trials in one file: the same results, and nothing else is taken for one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lab.analysis.result import all_of
from lab.errors import LabError
from lab.records import packed
from lab.records.run_folder import RunFolder
from tests.lab.test_results import ran


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """Two trials of four, one of them cut short."""
    found = ran(tmp_path, trials=2)
    [_, last] = sorted(found.path.glob("trials/*"))
    (last / "server.json").unlink()
    return found


def packed_run(run: RunFolder) -> RunFolder:
    (run.path / packed.NAME).write_bytes(packed.pack(run.path))
    shutil.rmtree(run.path / "trials")
    return RunFolder(run.path)


def test_a_packed_run_reads_as_before(run: RunFolder) -> None:
    before = (all_of(run), run.finished())
    names = [path.name for path in run.path.glob("trials/*")]
    finished = [run.is_finished(name) for name in names]
    again = packed_run(run)
    assert (all_of(again), again.finished()) == before
    assert [again.is_finished(name) for name in names] == finished
    assert before[1] == 1


def test_the_same_records_give_the_same_bytes(run: RunFolder) -> None:
    first = packed.pack(run.path)
    for path in run.path.glob("trials/*/*.json"):
        path.touch()
    (run.path / "trials" / "notes.json").write_text("{}")
    assert packed.pack(run.path) == first


def test_a_load_without_a_record_is_told_by_its_verdict(run: RunFolder) -> None:
    for path in run.path.glob("trials/*/load.json"):
        path.unlink()
    [result] = all_of(packed_run(run))
    assert (result.load, result.judgement.verdict) == (None, "invalid")


@pytest.mark.parametrize("spoil", [lambda data: data[: len(data) // 2], lambda _: b"no archive"])
def test_a_spoiled_archive_is_one_message(run: RunFolder, spoil: object) -> None:
    assert callable(spoil)
    folder = packed_run(run)
    path = folder.path / packed.NAME
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(LabError, match="cannot be read"):
        all_of(folder)


def test_an_archive_that_would_fill_the_memory_is_refused(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = packed_run(run)
    monkeypatch.setattr(packed, "LARGEST_BYTES", 100)
    with pytest.raises(LabError, match="larger than any run"):
        all_of(folder)
