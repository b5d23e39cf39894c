"""The image that every Dockerfile starts from: present, or pulled, or made here from packages.

Where no registry can be reached, Debian's package servers often can: debootstrap unpacks a
minimal system into a temporary folder, and its archive is imported under the same name. That
takes a minute, needs root, and happens once. The image says by a label that it was made here.

It loses where neither a registry nor a package server is to be had: then another host has to
give the image (docker save, docker load).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from docker.errors import APIError, ImageNotFound

from lab.errors import LabError

SUITE = "trixie"
REPOSITORY, TAG = "debian", f"{SUITE}-slim"
BASE = f"{REPOSITORY}:{TAG}"
MADE_HERE = "lab.base=serverlab"  # not lab.project: images that others build upon it inherit this
DISPENSABLE = (  # of the host, or only of use to people
    "etc/resolv.conf",
    "etc/hostname",
    "var/cache/apt",
    "var/lib/apt/lists",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
)
Say = Callable[[str], None]


class BaseImageError(LabError):
    """There is no base image and no way to one."""


def ensure(client: docker.DockerClient, say: Say) -> str:
    """The id of the base image, which is there afterwards. Raises BaseImageError."""
    try:
        return str(client.images.get(BASE).id)
    except ImageNotFound:
        say(f"{BASE} is not here: pulling it")
    try:
        return str(client.images.pull(REPOSITORY, TAG).id)
    except (APIError, OSError) as error:
        say(f"no registry gives it ({error}): making it with debootstrap")
    return make(client, say)


def make(client: docker.DockerClient, say: Say) -> str:
    """Debootstrap and import. Leaves nothing else behind, whatever happens."""
    if not shutil.which("debootstrap"):
        raise BaseImageError(
            f"{BASE} cannot be pulled, and debootstrap, which could make it, is not installed",
            "apt-get install debootstrap; or bring the image: docker save | docker load",
        )
    if os.geteuid() != 0:
        raise BaseImageError(
            f"{BASE} cannot be pulled, and only root can make it",
            "once, as root: sudo .venv/bin/python -m lab.base_image",
        )
    with tempfile.TemporaryDirectory(prefix="serverlab-base-") as folder:
        root = Path(folder) / "root"
        _debootstrap(root, say)
        for name in DISPENSABLE:
            _empty(root / name)
        say(f"importing {BASE}")
        return _import(client, root)


def _debootstrap(root: Path, say: Say) -> None:
    # Mounts that it makes live in a namespace of their own, and end with it: whenever the folder
    # is removed, nothing of the host is mounted below it.
    words = ["unshare", "--mount", "--", "debootstrap", "--variant=minbase", SUITE, str(root)]
    last = ""
    with _running([*words, *mirror()], stderr=subprocess.STDOUT) as process:
        for line in process.stdout or ():
            last = line.decode(errors="replace").strip()
            say(f"debootstrap: {last}")
    if process.returncode != 0:
        raise BaseImageError(
            f"debootstrap failed: {last}",
            "it needs a Debian mirror (see apt-get update) and debian-archive-keyring",
        )


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


def _empty(path: Path) -> None:
    """Keep folders themselves: packages expect them."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        path.mkdir()
    else:
        path.unlink(missing_ok=True)


def _import(client: docker.DockerClient, root: Path) -> str:
    words = ["tar", "--numeric-owner", "-C", str(root), "-c", "."]
    with _running(words) as process:
        client.api.import_image_from_stream(
            process.stdout,
            repository=REPOSITORY,
            tag=TAG,
            changes=[f"LABEL {MADE_HERE}", 'CMD ["bash"]'],
        )
    try:
        return str(client.images.get(BASE).id)
    except ImageNotFound as error:
        raise BaseImageError(
            f"the daemon did not take {BASE}", "look at its log and disk"
        ) from error


@contextmanager
def _running(words: list[str], stderr: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process that, with all that it started, has ended when the block is left."""
    with subprocess.Popen(  # noqa: S603 - words of this file
        words, start_new_session=True, stdout=subprocess.PIPE, stderr=stderr
    ) as process:
        try:
            yield process
            process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)


if __name__ == "__main__":
    print(ensure(docker.from_env(), print))
