"""One server at a time: started on its own CPU, proved to answer rightly, ended with all it made.

It is ready when the file comes whole and right; that answer is also the proof that what is timed
afterwards is the work asked for.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inside.measured import MeasureError
from benchmarks.inside.rounds import Conditions

READY_WITHIN_S = 15.0
ENDS_WITHIN_S = 5.0
EVERY_S = 0.02


class ServerError(MeasureError):
    """A server did not start, or did not answer rightly."""


@dataclass(frozen=True)
class Right:
    """The answer that proves a server."""

    path: str
    body: bytes


@contextmanager
def up(
    words: Sequence[str],
    at: Conditions,
    right: Right,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[int]:
    """A server by its command line, from its first right answer on: the process group that it is.

    Raises ServerError.
    """
    log = at.place / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            ["taskset", "-c", str(at.server_cpu), *words],  # noqa: S607
            cwd=folder,
            env={**os.environ, "HOME": str(at.place), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_right(process, at.port, right, log)
        yield process.pid
    finally:
        _end(process)


def answer(port: int, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, fields and body, on a connection of its own. OSError, HTTPException."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()
    finally:
        connection.close()


def _wait_until_right(process: subprocess.Popen[bytes], port: int, right: Right, log: Path) -> None:
    deadline_s = time.monotonic() + READY_WITHIN_S
    said = "it did not answer"
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            raise ServerError(f"it ended at its start: {_last_words(log)}")
        try:
            status, _, got = answer(port, right.path)
        except (OSError, http.client.HTTPException) as error:
            said = f"{type(error).__name__}: {error}"
            time.sleep(EVERY_S)
            continue
        if (status, got) != (200, right.body):
            raise ServerError(f"wrong answer: {status}, {len(got)} bytes of {len(right.body)}")
        return
    raise ServerError(f"not ready within {READY_WITHIN_S:.0f} s: {said}; {_last_words(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """The whole process group, also where its leader is gone already."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(ENDS_WITHIN_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it said nothing")
