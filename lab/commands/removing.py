"""What `make down` and `make clean` take away: what carries the lab's label, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from lab.containers import cleanup
from lab.containers.daemon import connect
from lab.host.only_one import only_lab
from lab.records import durable
from lab.run import hosts_in_use, scratch
from lab.run.session import PROJECT_NAME


def remove(say: Callable[[str], None], images: bool = False) -> None:
    """Containers and networks, and images where asked for. LabError while a lab is running."""
    with only_lab():
        client = connect()
        gone = cleanup.remove(client, PROJECT_NAME)
        hosts_in_use.clear(PROJECT_NAME, say)
        gone += cleanup.remove_images(client) if images else []
    for name in gone:
        say(f"removed {name}")
    if not gone:
        say("there was nothing of the lab")


def remove_results(results: Path, say: Callable[[str], None]) -> None:
    """Every run and trace that was kept here, the link to the newest, and what a kill left.

    LabError where one cannot be removed.
    """
    try:
        _remove_results(results, say)
    except OSError as error:
        raise durable.refused(results, error) from error


def _remove_results(results: Path, say: Callable[[str], None]) -> None:
    for name in scratch.remove_left(results):
        say(f"removed results/{name}")
    for path in results.iterdir():
        if path.is_symlink():
            path.unlink()
        elif not path.name.startswith(".") and any(
            (path / name).exists() for name in ("manifest.json", "trials", "trace.json")
        ):
            shutil.rmtree(path)
            say(f"removed results/{path.name}")
