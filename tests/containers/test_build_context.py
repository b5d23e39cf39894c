"""What decides whether an image is built again, and what the daemon is given to build it from."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from lab.containers import build_context
from lab.containers.build_context import ContextError
from tests.containers.conftest import ROOT

DOCKERFILE = """FROM debian:trixie-slim
ARG PIP_INDEX_URL
ARG MORE=1
COPY --chown=1:1 code/ /srv/code/
COPY one.txt empty /srv/
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "code/deep").mkdir(parents=True)
    (tmp_path / "code/deep/main.py").write_text("print()")
    (tmp_path / "code/__pycache__").mkdir()
    (tmp_path / "code/__pycache__/main.pyc").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "one.txt").write_text("1")
    (tmp_path / "elsewhere.txt").write_text("not copied")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    return tmp_path


def digest(root: Path, base: str = "base") -> str:
    return build_context.read(root, "Dockerfile").digest(base)


def test_holds_what_the_dockerfile_copies_and_nothing_else(root: Path) -> None:
    context = build_context.read(root, "Dockerfile")
    assert list(context.files) == ["Dockerfile", "code/deep/main.py", "one.txt"]
    assert context.folders == ("code", "empty")
    assert context.arguments == {"PIP_INDEX_URL", "MORE"}


def test_the_digest_hangs_on_contents_names_modes_and_base(root: Path) -> None:
    seen = {digest(root), digest(root, "another base")}
    (root / "one.txt").write_text("2")
    seen.add(digest(root))
    (root / "code/deep/main.py").rename(root / "code/main.py")
    seen.add(digest(root))
    (root / "one.txt").chmod(0o755)
    seen.add(digest(root))
    (root / "Dockerfile").write_text(DOCKERFILE + "USER 1\n")
    seen.add(digest(root))
    (root / "code/new.py").touch()
    seen.add(digest(root))
    assert len(seen) == 7


def test_the_digest_hangs_on_nothing_else(root: Path) -> None:
    before = digest(root)
    (root / "elsewhere.txt").write_text("changed")
    (root / "code/__pycache__/more.pyc").write_text("y")
    os.utime(root / "one.txt", (1, 1))
    (root / "one.txt").chmod(0o600)
    assert digest(root) == before


def test_the_archive_levels_times_owners_and_umask(root: Path) -> None:
    (root / "one.txt").chmod(0o600)
    (root / "code/deep/main.py").chmod(0o700)
    with tarfile.open(fileobj=build_context.read(root, "Dockerfile").archive()) as tar:
        members = {each.name: each for each in tar}
        assert tar.extractfile("one.txt").read() == b"1"  # type: ignore[union-attr]
    assert members["one.txt"].mode == 0o644
    assert members["code/deep/main.py"].mode == 0o755
    assert members["empty"].isdir()
    assert {(each.mtime, each.uid, each.gid) for each in members.values()} == {(0, 0, 0)}


def test_a_source_that_is_missing_is_an_error_with_a_remedy(root: Path) -> None:
    (root / "one.txt").unlink()
    with pytest.raises(ContextError, match=r"copies one\.txt, which is not there") as raised:
        build_context.read(root, "Dockerfile")
    assert "git" in raised.value.remedy


def test_a_missing_dockerfile_is_an_error_with_a_remedy(root: Path) -> None:
    with pytest.raises(ContextError, match="cannot read servers/Dockerfile"):
        build_context.read(root, "servers/Dockerfile")


LITTLE = ("servers", "images/vmhost", "images/redis", "images/nginx", "images/tracer")


@pytest.mark.parametrize("folder", LITTLE)
def test_images_of_the_lab_are_built_from_little(folder: str) -> None:
    context = build_context.read(ROOT, f"{folder}/Dockerfile")
    others = {path for path in context.files if not path.startswith(f"{folder}/")}
    site = all(path.startswith("servers/site/") for path in others)
    assert not others or (folder == "images/nginx" and site)
    assert sum(len(each.content) for each in context.files.values()) < 5_000_000
