"""The records of a published run in one file, small enough for the repository to keep.

trials.tar.xz holds trials/NAME/load.json and server.json of every trial; the servers' logs stay
behind. Trials are alike, so packed together they take a seventh of what they take apart.
"""

from __future__ import annotations

import io
import lzma
import tarfile
from collections.abc import Mapping
from pathlib import Path

from lab.errors import LabError
from lab.records import files

NAME = "trials.tar.xz"
RECORDS = ("load.json", "server.json")
LARGEST_BYTES = 256 << 20  # unpacked: some 20,000 trials; more is no file of ours


def pack(run: Path) -> bytes:
    """The archive of a run's folder: the same bytes for the same records. OSError from reading."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:xz", preset=9) as archive:
        for path in sorted(run.glob("trials/*/*.json")):
            if path.name not in RECORDS:
                continue
            member = tarfile.TarInfo(str(path.relative_to(run)))
            data = path.read_bytes()
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return raw.getvalue()


def read(run: Path) -> Mapping[str, bytes] | None:
    """`NAME/load.json` and so on -> its bytes; None where the run is not packed.

    LabError where the archive is none, or would unpack to more than LARGEST_BYTES.
    """
    path = run / NAME
    if not files.exists(path):
        return None
    found = {}
    left, remedy = LARGEST_BYTES, f"git checkout {path}"
    try:
        with tarfile.open(path, "r:xz") as archive:
            for member in archive:
                left -= member.size
                if left < 0:
                    raise LabError(f"{files.shown(path)} is larger than any run", remedy)
                if (file := archive.extractfile(member)) is not None:
                    found[member.name.removeprefix("trials/")] = file.read()
    except (OSError, EOFError, tarfile.TarError, lzma.LZMAError) as error:
        raise LabError(f"{files.shown(path)} cannot be read: {error}", remedy) from error
    return found
