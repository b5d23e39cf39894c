"""Which load hosts have something of the lab on them: so that what a kill left there can be found.

A host is noted before the first container starts there and forgotten when it is clear again. One
that cannot be reached stays noted, and the next command of the lab tries again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from lab.containers import cleanup, endpoint
from lab.errors import LabError
from lab.records import durable, files

ORPHANS = (
    "what of the lab runs there ends by itself within a minute;"
    " the lab's next command, or make down, removes it"
)


def _file() -> Path:
    """The user's own: a lab of another clone clears up as well (XDG Base Directory)."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "serverlab" / "load-hosts"


def note(names: Iterable[str]) -> None:
    """From now on these may have something of the lab on them. LabError where it cannot be kept."""
    file = _file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise durable.refused(file, error) from error
    durable.write(file, "".join(f"{name}\n" for name in dict.fromkeys([*_noted(), *names])))


def clear(project: str, say: Callable[[str], None]) -> None:
    """Remove what of the lab runs on them. What cannot be reached is told and stays noted."""
    if not (names := _noted()):
        return
    left = [name for name in names if not _cleared(name, project, say)]
    if left:
        durable.write(_file(), "".join(f"{name}\n" for name in left))
    else:
        _file().unlink(missing_ok=True)


def _noted() -> list[str]:
    file = _file()
    return files.text(file).split() if files.exists(file) else []


def _cleared(name: str, project: str, say: Callable[[str], None]) -> bool:
    try:
        with (
            endpoint.reached(name, os.environ) as environment,
            closing(endpoint.client(name, environment)) as client,
            endpoint.named(name),
        ):
            gone = cleanup.remove(client, project)
    except LabError as error:
        say(f"{error.message}\n  -> {ORPHANS}")
        return False
    if gone:
        say(f"{name}: removed {', '.join(gone)}")
    return True
