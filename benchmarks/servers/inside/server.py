"""One server of a side, as it is started, from its first right answer on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.inside.rounds import Conditions
from benchmarks.inside.server import Right, up
from benchmarks.servers.inside.commands import command, environment
from benchmarks.servers.inside.places import FILE
from benchmarks.servers.inside.rows import Side


@contextmanager
def running(side: Side, at: Conditions, body: bytes) -> Iterator[str]:
    """The server's URL of the file. Raises ServerError."""
    # The lab's own servers are started as in the guest; foreign ones from the folder in memory.
    folder = None if side.maker == "lab" else at.place
    words, right = command(side, at.port, at.place), Right(f"/{FILE}", body)
    more = environment(side, at.port, at.place)
    with up(words, at, right, environment=more, folder=folder):
        yield f"http://127.0.0.1:{at.port}/{FILE}"
