"""The base image: present, pulled or made, with false tools and a false daemon."""

from __future__ import annotations

import io
import os
import signal
import tarfile
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError, ImageNotFound

from lab import base_image
from lab.base_image import BASE
from lab.debootstrap import DebootstrapError
from lab.errors import Interrupted

DEBOOTSTRAP = """#!/bin/sh
echo "I: Retrieving $2"
root=$3
mkdir -p "$root/etc" "$root/var/cache/apt/archives" "$root/usr/share/doc/bash"
echo "nameserver 192.0.2.1" > "$root/etc/resolv.conf"
echo much > "$root/var/cache/apt/archives/bash.deb"
echo much > "$root/usr/share/doc/bash/copyright"
echo kept > "$root/etc/os-release"
"""


class Daemon:
    """Knows `images`; `registry` says what a pull brings; an import is kept for inspection."""

    def __init__(self, present: bool = False, registry: bool = False) -> None:
        self.present, self.registry = present, registry
        self.imported: dict[str, list[str]] = {}
        self.files: dict[str, bool] = {}
        self.images = SimpleNamespace(get=self.get, pull=self.pull)
        self.api = SimpleNamespace(import_image_from_stream=self.import_stream)

    def get(self, name: str) -> SimpleNamespace:
        assert name == BASE
        if not self.present:
            raise ImageNotFound(name)
        return SimpleNamespace(id="sha256:base")

    def pull(self, repository: str, tag: str) -> SimpleNamespace:
        assert f"{repository}:{tag}" == BASE
        self.present = self.registry
        if not self.registry:
            raise APIError("no such host")
        return self.get(BASE)

    def import_stream(self, stream: Any, **what: Any) -> None:
        self.imported = what
        with tarfile.open(fileobj=io.BytesIO(stream.read())) as tar:
            self.files = {each.name: each.isfile() for each in tar}
        self.present = True


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing but what a test puts there, for a caller who is root."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "tar", "mkdir", "sleep"):
        (tools / name).symlink_to(f"/bin/{name}")
    put(tools, "unshare", '#!/bin/sh\nshift 2\nexec "$@"\n')
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return tools


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """Where temporary folders go."""
    return tmp_path / "temporary"


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def ensure(daemon: Daemon) -> str:
    return base_image.ensure(daemon, lambda _: None)  # type: ignore[arg-type]


def test_one_that_is_here_is_used() -> None:
    assert ensure(Daemon(present=True)) == "sha256:base"


def test_one_that_can_be_pulled_is_pulled(tools: Path) -> None:
    daemon = Daemon(registry=True)
    assert ensure(daemon) == "sha256:base"
    assert not daemon.imported


def test_else_it_is_made_without_what_belongs_to_the_host(tools: Path, left: Path) -> None:
    put(tools, "debootstrap", DEBOOTSTRAP)
    daemon = Daemon()
    assert ensure(daemon) == "sha256:base"
    assert daemon.imported["changes"][0] == f"LABEL {base_image.MADE_HERE}"
    assert [name for name, is_file in daemon.files.items() if is_file] == ["./etc/os-release"]
    assert "./var/cache/apt" in daemon.files, "folders stay, packages expect them"
    assert list(left.iterdir()) == []


def test_no_debootstrap_is_an_error_with_a_remedy(tools: Path) -> None:
    with pytest.raises(DebootstrapError, match="is not here") as raised:
        ensure(Daemon())
    assert "apt-get install debootstrap" in raised.value.remedy


def test_no_root_is_an_error_with_a_remedy(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tools, "debootstrap", DEBOOTSTRAP)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(DebootstrapError, match="only root") as raised:
        ensure(Daemon())
    assert "sudo" in raised.value.remedy


def test_a_debootstrap_that_fails_is_told_by_its_last_line(tools: Path, left: Path) -> None:
    put(tools, "debootstrap", "#!/bin/sh\necho one\necho 'E: no mirror' >&2\nexit 1\n")
    with pytest.raises(DebootstrapError, match="E: no mirror"):
        ensure(Daemon())
    assert list(left.iterdir()) == []


def test_an_interruption_leaves_nothing_behind(tools: Path, left: Path) -> None:
    put(tools, "debootstrap", '#!/bin/sh\nmkdir -p "$3/etc"\necho begun\nsleep 60\n')

    def interrupt(signum: int, frame: object) -> None:
        raise Interrupted(signum)

    before = signal.signal(signal.SIGUSR1, interrupt)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        with pytest.raises(Interrupted):
            ensure(Daemon())
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
    assert list(left.iterdir()) == []
