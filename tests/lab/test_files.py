"""Whatever stands in a file or a path, one line says what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.errors import LabError
from lab.records import files, run_folder
from lab.records.manifest import Manifest
from lab.records.run_folder import RunFolder
from lab.report import report, report_files
from tests.lab.test_results import ran

FILES = ("manifest.json", "trials/{}/server.json", "trials/{}/load.json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return ran(tmp_path_factory.mktemp("run"))


@pytest.mark.parametrize("name", ["x" * 300, "a/" + "y" * 300, "\0", "\udcff"])
def test_a_path_that_cannot_be_looked_at_is_told(name: str) -> None:
    for look in (files.exists, files.is_file):
        told = "cannot be read"
        try:
            assert not look(Path(name))
        except LabError as error:
            told = error.message
        assert "cannot be read" in told
        assert len(told) < 200


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(LabError, match="Permission denied"):
        files.exists(tmp_path / "closed/manifest.json")


def test_a_folder_that_may_not_be_looked_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for anybody but root."""

    def refused(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refused)
    with pytest.raises(LabError, match="Permission denied"):
        run_folder.find(tmp_path, "x")


def test_a_text_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"one\ntwo\nthr\xffee\n")
    with pytest.raises(LabError, match=r"is not UTF-8 \(line 3\)"):
        files.text(tmp_path / "text")


@given(data=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_in_a_manifest_break_its_reader(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(data)
    with pytest.raises(LabError, match=r"manifest\.json"):
        files.model(tmp_path / "manifest.json", Manifest)


@given(which=st.sampled_from(FILES), at=st.integers(0, 10**6), byte=st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_one_byte_changed_in_a_file_of_a_run_is_told_or_does_no_harm(
    folder: RunFolder, which: str, at: int, byte: int
) -> None:
    path = folder.path / which.format(next(folder.path.glob("trials/*")).name)
    whole = path.read_bytes()
    at %= len(whole)
    path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
    told = path.name
    try:
        report_files.terminal(report.load(folder))
    except LabError as error:
        told = error.message
    finally:
        path.write_bytes(whole)
    assert path.name in told
