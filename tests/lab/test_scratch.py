"""Hidden folders in results/: gone with their command, or taken away by the next one."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab.commands import removing
from lab.errors import LabError
from lab.run import scratch


def gone() -> int:
    """The id of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_folder_lives_as_long_as_it_is_used(tmp_path: Path) -> None:
    with scratch.folder(tmp_path, "ui") as made:
        (made / "trials").mkdir()
        assert scratch.remove_left(tmp_path) == []
        assert made.name.startswith(f".ui-{os.getpid()}-")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_command_left_is_removed_by_the_next(tmp_path: Path) -> None:
    for name in (f".calibration-{gone()}-a1_b2c3d", ".ui-k3xq0z8a"):
        (tmp_path / name / "trials").mkdir(parents=True)
    with scratch.folder(tmp_path, "calibration") as made:
        assert list(tmp_path.iterdir()) == [made]


@pytest.mark.parametrize("name", [".gitkeep", ".ui", "noise", ".mine-1-x", f".ui-{os.getpid()}-x"])
def test_nothing_else_is_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert scratch.remove_left(tmp_path) == []
    assert (tmp_path / name).is_dir()


def test_make_clean_takes_runs_and_what_was_left_but_not_what_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "run/trials").mkdir(parents=True)
    (tmp_path / f".ui-{gone()}-x/trials").mkdir(parents=True)
    (tmp_path / f".ui-{os.getpid()}-x/trials").mkdir(parents=True)
    said: list[str] = []
    removing.remove_results(tmp_path, said.append)
    assert [path.name for path in tmp_path.iterdir()] == [f".ui-{os.getpid()}-x"]
    assert len(said) == 2


def test_where_it_cannot_be_made_is_told(tmp_path: Path) -> None:
    results = tmp_path / "results"
    results.write_text("a file in the way")
    with (
        pytest.raises(LabError, match="results could not be written"),
        scratch.folder(results, "ui"),
    ):
        pass


def test_results_that_cannot_be_removed_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-run" / "trials").mkdir(parents=True)

    def read_only(path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(shutil, "rmtree", read_only)
    with pytest.raises(LabError, match="its file system is read-only") as told:
        removing.remove_results(tmp_path, lambda _: None)
    assert "checkout that can be written" in told.value.remedy
