"""A minimal Debian made from its packages, as a tar stream.

debootstrap unpacks it into a temporary folder and needs root for that. Where debootstrap is not
installed, its package is fetched by apt and runs beside the build. The folder is gone when the
block is left, however it is left, and so is every process that was started.

It fails where no Debian mirror is in reach.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lab.containers import debian_package
from lab.errors import LabError

DISPENSABLE = (  # of the host, or only of use to people
    "etc/resolv.conf",
    "etc/hostname",
    "var/cache/apt",
    "var/lib/apt/lists",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
)
KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg"  # signs what debootstrap fetches
# debootstrap calls `wget [options] -O FILE URL`; apt can download as well, and is always there.
WGET = """#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" = -O ] && file=$2; shift; done
exec /usr/lib/apt/apt-helper download-file "$1" "$file"
"""
Say = Callable[[str], None]


class DebootstrapError(LabError):
    """It is not there, not permitted, or failed."""


@dataclass(frozen=True)
class Program:
    """How debootstrap is called here."""

    words: tuple[str, ...]
    environment: Mapping[str, str]


def obstacle() -> DebootstrapError | None:
    """Why no system can be made on this host; None where nothing is in the way."""
    if not shutil.which("debootstrap") and not debian_package.can_fetch():
        return DebootstrapError(
            "the base image cannot be pulled, and debootstrap, which could make it, is not here",
            "apt-get install debootstrap; or bring the image: docker save | docker load",
        )
    if os.geteuid() != 0:
        return DebootstrapError(
            "the base image cannot be pulled, and only root can make it",
            "once, as root: sudo .venv/bin/python -m lab.containers.base_image",
        )
    return None


@contextmanager
def system(suite: str, say: Say) -> Iterator[IO[bytes]]:
    """The tar stream of a fresh system. Raises DebootstrapError, PackageError."""
    if error := obstacle():
        raise error
    with tempfile.TemporaryDirectory(prefix="serverlab-base-") as folder:
        root, beside = Path(folder) / "root", Path(folder) / "debootstrap"
        _unpack(_program(beside, say), suite, root, say)
        for name in DISPENSABLE:
            _empty(root / name)
        with _running(["tar", "--numeric-owner", "-C", str(root), "-c", "."]) as tar:
            assert tar.stdout is not None  # it was asked for
            yield tar.stdout


def mirror() -> list[str]:
    """The mirror that this host's own apt uses, where it is a Debian; else debootstrap's own."""
    words = ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"]
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
        if "ID=debian" not in release.splitlines():
            return []
        sites = subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return []
    return [site for site in sites.split() if site.rstrip("/").endswith("/debian")][:1]


def _program(folder: Path, say: Say) -> Program:
    """The installed one, or the package's, unpacked in `folder`."""
    if shutil.which("debootstrap"):
        return Program(("debootstrap",), os.environ)
    say("debootstrap is not installed: fetching its package with apt")
    has_keyring = Path("/", KEYRING).exists()
    names = ["debootstrap"] if has_keyring else ["debootstrap", "debian-archive-keyring"]
    folder.mkdir()
    debian_package.unpack(names, folder, say)
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    (tools / "wget").write_text(WGET, encoding="ascii")
    (tools / "wget").chmod(0o755)
    keyring = Path("/" if has_keyring else folder, KEYRING)
    return Program(
        (str(folder / "usr/sbin/debootstrap"), f"--keyring={keyring}"),
        {
            **os.environ,
            "DEBOOTSTRAP_DIR": str(folder / "usr/share/debootstrap"),
            "PATH": f"{os.environ.get('PATH', os.defpath)}:{tools}",  # the host's wget comes first
        },
    )


def _unpack(program: Program, suite: str, root: Path, say: Say) -> None:
    # Mounts that it makes live in a namespace of their own, and end with it: whenever the folder
    # is removed, nothing of the host is mounted below it.
    words = ["unshare", "--mount", "--", *program.words, "--variant=minbase", suite, str(root)]
    last = ""
    with _running([*words, *mirror()], subprocess.STDOUT, program.environment) as process:
        for line in process.stdout or ():
            last = line.decode(errors="replace").strip()
            say(f"debootstrap: {last}")
    if process.returncode != 0:
        raise DebootstrapError(
            f"debootstrap failed: {last}",
            "it needs a Debian mirror (see apt-get update) and debian-archive-keyring",
        )


def _empty(path: Path) -> None:
    """Keep folders themselves: packages expect them."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        path.mkdir()
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _running(
    words: list[str], stderr: int | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that, with all that it started, has ended when the block is left."""
    with subprocess.Popen(  # noqa: S603 - words of this file
        words, start_new_session=True, stdout=subprocess.PIPE, stderr=stderr, env=environment
    ) as process:
        try:
            yield process
            process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
