"""The servers that are asked: nginx answering from memory, and the slow ones (slow.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.inside import slow
from generator.inside.sides import Server
from speed.inside.commands import nginx
from speed.inside.server import Right, up

FROM_MEMORY = 'default_type text/plain; location / { return 200 "%s\\n"; }'
TEXT = "Sixty bytes, with the end of the line: an answer of memory."  # and its newline


@dataclass(frozen=True)
class Running:
    port: int
    group: int  # of its processes

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def running(server: Server, port: int, cpu: int, place: Path) -> Iterator[Running]:
    """A fresh one. Raises ServerError."""
    if server == "nginx":
        words = nginx(port, place, FROM_MEMORY % TEXT)
        body = f"{TEXT}\n".encode()
    else:
        words = [sys.executable, "-E", "-s", "-m", "generator.inside.slow", server, f"{port}"]
        body = slow.BODY
    with up(words, port, cpu, place, Right("/health", body)) as group:
        yield Running(port, group)
