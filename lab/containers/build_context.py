"""What an image is made of: the files that its Dockerfile copies, their digest, their archive.

The digest decides whether an image has to be built again, so it covers what can change the image
and nothing else: the Dockerfile, the content and executable bit of every copied file, and the
base image. Times, owners and umask are left out here and levelled in the archive, so that the
same sources give the same image from any checkout.

Only plain `COPY SOURCE... DESTINATION` lines are understood; sources are relative to the root.
"""

from __future__ import annotations

import hashlib
import io
import shlex
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError

UNWANTED = ("__pycache__", ".mypy_cache", ".ruff_cache", ".DS_Store")


class ContextError(LabError):
    """A Dockerfile is missing, or copies what is not there."""


@dataclass(frozen=True)
class File:
    """One file as it was when it was read: digest and archive speak of the same bytes."""

    content: bytes
    executable: bool


@dataclass(frozen=True)
class Context:
    """Files by their path in the context, which is their path below the root too."""

    dockerfile: str
    folders: tuple[str, ...]
    files: Mapping[str, File]
    arguments: frozenset[str]  # names that the Dockerfile declares by ARG
    base: str = ""  # what it starts FROM

    def digest(self, base_id: str) -> str:
        """64 hex digits."""
        total = hashlib.sha256(f"context 1\0{base_id}\0".encode())
        for name, file in self.files.items():
            kind = "x" if file.executable else "-"
            total.update(f"{name}\0{kind}\0{len(file.content)}\0".encode() + file.content)
        return total.hexdigest()

    def archive(self) -> io.BytesIO:
        """A tar for the daemon."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for name in self.folders:
                folder = tarfile.TarInfo(name)
                folder.type, folder.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(folder)
            for name, file in self.files.items():
                member = tarfile.TarInfo(name)
                member.size, member.mode = len(file.content), 0o755 if file.executable else 0o644
                tar.addfile(member, io.BytesIO(file.content))
        buffer.seek(0)
        return buffer


def read(root: Path, dockerfile: str) -> Context:
    """The context of a Dockerfile, given relative to the root. Raises ContextError."""
    try:
        lines = (root / dockerfile).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ContextError(
            f"cannot read {dockerfile}: {error.strerror}", f"git checkout {dockerfile}"
        ) from error
    folders, files, arguments, base = set[str](), {dockerfile}, set[str](), ""
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            base = rest.strip()
        if word == "ARG":
            arguments.add(rest.partition("=")[0].strip())
        if word == "COPY":
            words = [each for each in shlex.split(rest) if not each.startswith("--")]
            for source in words[:-1]:
                found = root / source
                if found.is_dir():
                    folders.add(source.rstrip("/"))
                    files.update(_below(root, found))
                elif found.is_file():
                    files.add(source)
                else:
                    raise ContextError(
                        f"{dockerfile} copies {source}, which is not there",
                        f"git status {source}; if it was removed: git checkout {source}",
                    )
    contents = {name: _file(root / name) for name in sorted(files)}
    return Context(dockerfile, tuple(sorted(folders)), contents, frozenset(arguments), base)


def _file(path: Path) -> File:
    try:
        return File(path.read_bytes(), bool(path.stat().st_mode & 0o100))
    except OSError as error:
        raise ContextError(f"cannot read {path}: {error.strerror}", f"ls -l {path}") from error


def _below(root: Path, folder: Path) -> set[str]:
    return {
        str(path.relative_to(root))
        for path in folder.rglob("*")
        if path.is_file() and not set(path.relative_to(root).parts) & set(UNWANTED)
    }
