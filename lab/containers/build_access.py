"""How this host reaches package servers, carried into the builds: extra CAs, pip's index.

Where a company's proxy inspects TLS, the host trusts that proxy's own CA and an image does not:
pip would fail inside a build that works outside. So the host's extra CAs are copied into
`.certificates/`, which git ignores, and the Dockerfiles install them. pip's index goes along as a
build argument, never into a file.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

from lab.errors import LabError

FOLDER = ".certificates"
EXTRA_CAS = Path("/usr/local/share/ca-certificates")
PIP = {"index-url": "PIP_INDEX_URL", "extra-index-url": "PIP_EXTRA_INDEX_URL"}
PROXIES = ("http_proxy", "https_proxy", "no_proxy")


def copy_certificates(root: Path, source: Path = EXTRA_CAS) -> list[str]:
    """Make ROOT/.certificates the same as the host's; tells the names. Unreadable ones stay out.

    Raises LabError where the folder cannot be written.
    """
    try:
        return _copy(root / FOLDER, source)
    except OSError as error:
        raise LabError(
            f"cannot copy the host's certificates: {error}",
            f"make {FOLDER} yours, or remove it: the lab makes it again",
        ) from error


def build_arguments(declared: frozenset[str]) -> dict[str, str]:
    """Proxies, which every Dockerfile takes, and of pip's settings those that it declares."""
    given = {}
    for name in PROXIES:
        for spelled in (name, name.upper()):
            if value := os.environ.get(spelled):
                given[spelled] = value
    asked = declared & set(PIP.values())
    settings = _pip_settings() if asked else {}
    return given | {name: value for name, value in settings.items() if name in asked}


def _pip_settings() -> dict[str, str]:
    """Environment before files, as pip has it. Nothing where pip is not there or fails."""
    found = {}
    words = [sys.executable, "-m", "pip", "config", "list"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    for line in done.stdout.splitlines() if done.returncode == 0 else ():
        key, _, value = line.partition("=")
        name = PIP.get(key.removeprefix("global.").removeprefix("install."))
        if name:
            found[name] = str(ast.literal_eval(value))
    return found | {name: os.environ[name] for name in PIP.values() if os.environ.get(name)}


def _copy(target: Path, source: Path) -> list[str]:
    target.mkdir(exist_ok=True)
    wanted = {path.name: path.read_bytes() for path in sorted(source.glob("*.crt")) if _ours(path)}
    for path in target.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = target / name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
    return list(wanted)


def _ours(path: Path) -> bool:
    return path.is_file() and os.access(path, os.R_OK)
