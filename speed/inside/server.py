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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from speed.inside.commands import command
from speed.inside.places import FILE
from speed.inside.rows import Side

READY_WITHIN_S = 15.0
ENDS_WITHIN_S = 5.0
EVERY_S = 0.02


class ServerError(Exception):
    """A server did not start, or did not answer rightly."""


@contextmanager
def running(side: Side, port: int, cpu: int, place: Path, body: bytes) -> Iterator[str]:
    """The server's URL of the file. Raises ServerError."""
    log = place / "server.log"
    words = ["taskset", "-c", str(cpu), *command(side, port, place)]
    # The lab's own servers are started as in the guest; foreign ones from the folder in memory.
    folder = None if side.maker == "lab" else place
    environment = {**os.environ, "SPEED_PLACE": str(place), "HOME": str(place)}
    if side.maker in ("uvicorn", "gunicorn"):
        environment["PYTHONPATH"] = os.getcwd()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            words,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_right(process, port, body, log)
        yield f"http://127.0.0.1:{port}/{FILE}"
    finally:
        _end(process)


def answer(port: int) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, fields and body of the file, on a connection of its own. OSError, HTTPException."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", f"/{FILE}", headers={"Connection": "close"})
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()
    finally:
        connection.close()


def _wait_until_right(process: subprocess.Popen[bytes], port: int, body: bytes, log: Path) -> None:
    deadline_s = time.monotonic() + READY_WITHIN_S
    said = "it did not answer"
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            raise ServerError(f"it ended at its start: {_last_words(log)}")
        try:
            status, _, got = answer(port)
        except (OSError, http.client.HTTPException) as error:
            said = f"{type(error).__name__}: {error}"
            time.sleep(EVERY_S)
            continue
        if (status, got) != (200, body):
            raise ServerError(f"wrong answer: {status}, {len(got)} bytes of {len(body)}")
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
