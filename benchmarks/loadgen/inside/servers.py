"""The servers that are asked: nginx answering from memory, and the slow ones (slow.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.inside import nginx
from benchmarks.inside.rounds import Conditions
from benchmarks.inside.server import Right, up
from benchmarks.loadgen.inside import slow
from benchmarks.loadgen.inside.sides import Server

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
def running(server: Server, at: Conditions) -> Iterator[Running]:
    """A fresh one. Raises ServerError."""
    if server == "nginx":
        words = nginx.command(at.port, at.place, FROM_MEMORY % TEXT)
        body = f"{TEXT}\n".encode()
    else:
        words = [sys.executable, "-E", "-s", "-m", slow.__name__, server, f"{at.port}"]
        body = slow.BODY
    with up(words, at, Right("/health", body)) as group:
        yield Running(at.port, group)
