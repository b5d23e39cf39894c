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

from lab.containers import base_image
from lab.containers.base_image import BASE
from lab.containers.debian_package import PackageError
from lab.containers.debootstrap import DebootstrapError
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

# Like apt, it gives nothing before the lists were fetched, and runs in the folder to download to.
APT_GET = """#!/bin/sh
echo "$@" >> {log}
case $1 in
update) touch {log}.lists;;
download) [ -e {log}.lists ] || {{ echo "E: Unable to locate package $2" >&2; exit 100; }}
    touch debootstrap.deb;;
esac
"""
DPKG_DEB = f"""#!/bin/sh
mkdir -p "$3/usr/sbin"
cat > "$3/usr/sbin/debootstrap" <<'END'
{DEBOOTSTRAP.replace("root=$3", "root=$4").replace("$2", "$3")}
[ -f "$DEBOOTSTRAP_DIR/functions" ] || exit 1
command -v wget || exit 1
END
chmod +x "$3/usr/sbin/debootstrap"
mkdir -p "$3/usr/share/debootstrap"
touch "$3/usr/share/debootstrap/functions"
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
    for name in ("sh", "tar", "mkdir", "sleep", "touch", "cat", "chmod"):
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


@pytest.mark.parametrize("fetched", [False, True])
def test_where_it_is_not_installed_its_package_runs_beside_the_build(
    tools: Path, left: Path, tmp_path: Path, fetched: bool
) -> None:
    log = tmp_path / "apt.log"
    put(tools, "apt-get", APT_GET.format(log=log))
    put(tools, "dpkg-deb", DPKG_DEB)
    if fetched:
        log.with_suffix(".log.lists").touch()
    daemon = Daemon()
    assert ensure(daemon) == "sha256:base"
    assert daemon.files["./etc/os-release"]
    assert list(left.iterdir()) == [], "nothing is installed, and nothing is left"
    calls = [line.split()[0] for line in log.read_text().splitlines()]
    calls = [call for call in calls if call != "indextargets"]
    assert calls == (["download"] if fetched else ["download", "update", "download"])


def test_a_package_that_apt_does_not_give_is_told_in_its_words(tools: Path, left: Path) -> None:
    put(tools, "apt-get", "#!/bin/sh\necho 'E: Unable to locate package' >&2\nexit 100\n")
    put(tools, "dpkg-deb", DPKG_DEB)
    with pytest.raises(PackageError, match="E: Unable to locate package") as raised:
        ensure(Daemon())
    assert "apt-get update" in raised.value.remedy
    assert list(left.iterdir()) == []


def test_no_debootstrap_and_no_apt_is_an_error_with_a_remedy(tools: Path) -> None:
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
