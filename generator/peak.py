"""The peak memory of the load's workers, watched from the host while the lab is at work.

VmHWM is the kernel's own high-water mark and only grows, so the last look before the process ends
misses no more than what came after it. Loses where the host cannot see into containers (another
machine's daemon): then there is no figure.
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

from lab import sweep
from lab.session import PROJECT

EVERY_S = 0.5
WORKER = "locust-worker"


class Peak:
    """`memory_bytes`: the most that any of them had; None as long as none was seen."""

    def __init__(self) -> None:
        self.memory_bytes: int | None = None

    def look(self, client: docker.DockerClient) -> None:
        for container in sweep.containers(client, PROJECT, [WORKER]):
            for pid in _family(int(container.attrs["State"]["Pid"])):
                found = high_water_bytes(pid)
                self.memory_bytes = max(self.memory_bytes or 0, found) or None


@contextmanager
def watched(client: docker.DockerClient) -> Iterator[Peak]:
    """Looks from a thread of its own while the body runs."""
    peak, over = Peak(), threading.Event()

    def look() -> None:
        while not over.wait(EVERY_S):
            with suppress(DockerException, RequestException):  # gone in the meantime
                peak.look(client)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield peak
    finally:
        over.set()
        looking.join()


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
