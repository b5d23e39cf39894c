"""The peak memory of the load's workers, watched from the host while the lab is at work.

VmHWM is the kernel's own high-water mark and only grows, but it goes with its process, and the peak
may come in the last instants: so the daemon is asked for the process now and then, and the process
is looked at every 20 ms (a look every half second once told 280 MB of 407). Loses where the host
cannot see into containers (another machine's daemon): then there is no figure.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docker
from docker.errors import DockerException
from requests import RequestException

from lab.containers import cleanup
from lab.run.session import PROJECT_NAME

LOOK_EVERY_S, FIND_EVERY_S = 0.02, 0.5
WORKER = "locust-worker"


class Peak:
    """`memory_bytes`: the most that any of them had; None as long as none was seen."""

    def __init__(self) -> None:
        self.memory_bytes: int | None = None
        self._pids: list[int] = []

    def find(self, client: docker.DockerClient) -> None:
        """Which processes there are now."""
        found = cleanup.containers(client, PROJECT_NAME, [WORKER])
        self._pids = [pid for each in found for pid in _family(int(each.attrs["State"]["Pid"]))]

    def look(self) -> None:
        for pid in self._pids:
            self.memory_bytes = max(self.memory_bytes or 0, high_water_bytes(pid)) or None


@contextmanager
def watched(client: docker.DockerClient) -> Iterator[Peak]:
    """Looks from a thread while the body runs, and finds from another, since Docker may be slow."""
    peak, over = Peak(), threading.Event()

    def find() -> None:
        while not over.wait(FIND_EVERY_S):
            with suppress(DockerException, RequestException):  # gone in the meantime
                peak.find(client)

    def look() -> None:
        while not over.wait(LOOK_EVERY_S):
            peak.look()

    threads = [threading.Thread(target=each, daemon=True) for each in (find, look)]
    for thread in threads:
        thread.start()
    try:
        yield peak
    finally:
        over.set()
        for thread in threads:
            thread.join()


def high_water_bytes(pid: int) -> int:
    """0 of a process that is gone."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", _text(f"/proc/{pid}/status"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _family(pid: int) -> list[int]:
    """A process and its children: the container's first is Docker's own init."""
    return [pid, *map(int, _text(f"/proc/{pid}/task/{pid}/children").split())] if pid else []


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return ""
