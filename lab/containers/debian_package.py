"""Debian packages that run where they lie: fetched by apt and unpacked, never installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from lab.errors import LabError

TOOLS = ("apt-get", "dpkg-deb")


class PackageError(LabError):
    """apt does not give the package."""


def can_fetch() -> bool:
    """Whether this host has apt."""
    return all(shutil.which(tool) for tool in TOOLS)


def unpack(names: Sequence[str], folder: Path, say: Callable[[str], None]) -> None:
    """The packages' files below `folder`, as they would lie below /. Raises PackageError.

    The package lists are fetched anew only where apt cannot serve a package from those it has.
    """
    download = ["apt-get", "download", *names]
    if _run(download, folder).returncode != 0:
        say("apt-get update")
        _run(["apt-get", "update"], folder)
        done = _run(download, folder)
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[
                -1
            ]
            raise PackageError(
                f"apt-get download {' '.join(names)} failed: {last}",
                "see whether apt-get update works here: sources, network, proxy",
            )
    for package in folder.glob("*.deb"):
        done = _run(["dpkg-deb", "-x", str(package), str(folder)], folder)
        if done.returncode != 0:
            raise PackageError(
                f"dpkg-deb cannot unpack {package.name}: {done.stderr.strip()}",
                "see whether the disk is full (df -h)",
            )
        package.unlink()


def _run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - words of this file and names of the lab
        words, cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )
