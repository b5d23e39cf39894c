"""Files that are whole or not there: written under a temporary name, flushed, renamed.

A power cut or a kill between two steps leaves the older file or none, never half of one; what a
trial wrote is on the disk before the next trial starts.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from lab.errors import LabError


def write(path: Path, text: str) -> None:
    """Replace the file by `text` (UTF-8). LabError where the disk is full or refuses."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
        _flush_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise refused(path, error) from error


def point(link: Path, target: str) -> None:
    """Make the symbolic link `link` point to `target`, replacing an older one in one step."""
    temporary = link.with_name(f".{link.name}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target)
        temporary.rename(link)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise refused(link, error) from error


def refused(path: Path, error: OSError) -> LabError:
    """The disk's refusal in words, with a remedy."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LabError(
            f"the disk is full: {path} could not be written",
            "make room (docker system df, df -h), then run again: written trials are kept",
        )
    if error.errno == errno.EROFS:
        return LabError(
            f"{path} could not be written: its file system is read-only",
            "run the lab in a checkout that can be written",
        )
    return LabError(
        f"{path} could not be written: {error.strerror or error}",
        f"see who owns {path.parent} (ls -ld) and whether it may be written",
    )


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
