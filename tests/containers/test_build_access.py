"""The host's CAs and pip settings, on their way into the builds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lab.containers import build_access
from lab.errors import LabError

SETTINGS = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "http_proxy", "HTTP_PROXY", "HTTPS_PROXY")


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A host without proxy and without any pip settings."""
    for name in (*SETTINGS, "https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    return monkeypatch


def test_the_folder_becomes_the_same_as_the_hosts(tmp_path: Path) -> None:
    source, root = tmp_path / "host", tmp_path / "root"
    source.mkdir()
    root.mkdir()
    (source / "proxy.crt").write_text("one")
    (source / "notes.txt").write_text("no certificate")
    assert build_access.copy_certificates(root, source) == ["proxy.crt"]
    (source / "proxy.crt").write_text("two")
    (source / "other.crt").write_text("three")
    assert build_access.copy_certificates(root, source) == ["other.crt", "proxy.crt"]
    assert (root / ".certificates/proxy.crt").read_text() == "two"
    (source / "proxy.crt").unlink()
    build_access.copy_certificates(root, source)
    assert [each.name for each in (root / ".certificates").iterdir()] == ["other.crt"]


def test_a_host_without_extra_cas_makes_an_empty_folder(tmp_path: Path) -> None:
    assert build_access.copy_certificates(tmp_path, tmp_path / "none") == []
    assert (tmp_path / ".certificates").is_dir()


def test_unchanged_certificates_are_not_written_again(tmp_path: Path) -> None:
    source = tmp_path / "host"
    source.mkdir()
    (source / "a.crt").write_text("a")
    build_access.copy_certificates(tmp_path, source)
    copied = tmp_path / ".certificates/a.crt"
    copied.chmod(0o400)
    before = copied.stat().st_mtime_ns
    build_access.copy_certificates(tmp_path, source)
    assert copied.stat().st_mtime_ns == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".certificates").write_text("in the way")
    with pytest.raises(LabError, match="cannot copy the host's certificates") as raised:
        build_access.copy_certificates(tmp_path, tmp_path)
    assert ".certificates" in raised.value.remedy


def test_nothing_set_means_no_arguments(plain: pytest.MonkeyPatch) -> None:
    assert build_access.build_arguments(frozenset({"PIP_INDEX_URL"})) == {}


def test_pip_settings_go_along_where_the_dockerfile_asks_for_them(
    plain: pytest.MonkeyPatch,
) -> None:
    plain.setenv("PIP_INDEX_URL", "https://pypi.example/simple")
    assert build_access.build_arguments(frozenset()) == {}
    given = build_access.build_arguments(frozenset({"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"}))
    assert given == {"PIP_INDEX_URL": "https://pypi.example/simple"}


def test_pip_settings_of_a_file_count_too(plain: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://file.example/simple\n")
    given = build_access.build_arguments(frozenset({"PIP_INDEX_URL"}))
    assert given == {"PIP_INDEX_URL": "https://file.example/simple"}


def test_a_host_without_pip_has_no_settings(plain: pytest.MonkeyPatch, tmp_path: Path) -> None:
    false_python = tmp_path / "python"
    false_python.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    false_python.chmod(0o755)
    plain.setattr(sys, "executable", str(false_python))
    assert build_access.build_arguments(frozenset({"PIP_INDEX_URL"})) == {}


def test_proxies_go_along_as_they_are_spelled(plain: pytest.MonkeyPatch) -> None:
    plain.setenv("HTTP_PROXY", "http://proxy.example:3128")
    assert build_access.build_arguments(frozenset()) == {"HTTP_PROXY": "http://proxy.example:3128"}
