"""Files are whole or not there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.records import durable


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    durable.write(path, "old")
    durable.write(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "server.json"
    durable.write(path, "old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LabError, match="disk is full"):
        durable.write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="could not be written") as told:
        durable.write(tmp_path / "missing" / "file", "text")
    assert "ls -ld" in told.value.remedy


def test_a_link_is_turned_to_the_newest(tmp_path: Path) -> None:
    link = tmp_path / "latest"
    durable.point(link, "first")
    durable.point(link, "second")
    assert link.readlink() == Path("second")
