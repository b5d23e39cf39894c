"""One model among hostile neighbours, and what became of its honest client, memory, descriptors."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.running import ROOT, Server, read_answer, running
from tests.hostile.neighbours import NEIGHBOURS

WANTED = (ROOT / "servers" / "site" / "615b.html").read_bytes()
HONEST_PAUSE_S = 0.02
HONEST_TIMEOUT_S = 5.0
SAMPLE_S = 0.25
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# More workers than neighbours: a full pool serves nobody else, whoever fills it.
POOL = ("--workers=64",)
POOLED = ("preforked", "prethreaded")


@dataclass(frozen=True)
class Outcome:
    """`asked` and `errors` count pairs of requests, made on one connection.

    `plateau_bytes`, `end_bytes`: most resident memory in the middle third and in the last sixth.
    """

    model: str
    asked: int
    errors: int
    slowest_s: float
    plateau_bytes: int
    end_bytes: int
    descriptors_before: int
    descriptors_after: int
    answered: int
    aborted: int


MOST_GROWTH = 1.05
# A server that has not met all its neighbours yet is still growing; one that leaks never stops. So
# an ordeal whose memory grows at its end goes on.
MOST_LONGER = 5


def faults(outcome: Outcome) -> list[str]:
    """What a model has done wrong. Iterative cannot help it: whoever it serves, the others wait."""
    found = []
    if outcome.errors and outcome.model != "iterative":
        found.append(f"{outcome.model}: {outcome.errors} errors of the honest client")
    if _grows(outcome.plateau_bytes, outcome.end_bytes):
        found.append(f"{outcome.model}: memory grows to the end")
    if outcome.descriptors_after > outcome.descriptors_before:
        found.append(f"{outcome.model}: descriptors stay open")
    return found


class Honest:
    """A client that now and then connects, asks twice for a file, and checks what it gets."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.asked = self.errors = 0
        self.slowest_s = 0.0

    def run(self, over: threading.Event) -> None:
        while not over.wait(HONEST_PAUSE_S):
            self.asked += 1
            began_s = time.monotonic()
            try:
                with self._server.connect() as client:
                    self._server.clients.remove(client)  # it is closed here
                    client.settimeout(HONEST_TIMEOUT_S)
                    for last in (False, True):
                        client.sendall(_request(last=last))
                        if read_answer(client).body != WANTED:
                            raise EOFError
            except (OSError, EOFError):
                self.errors += 1
            self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)


def _request(*, last: bool) -> bytes:
    connection = b"close" if last else b"keep-alive"
    return b"GET /615b.html HTTP/1.1\r\nHost: a\r\nConnection: %b\r\n\r\n" % connection


def ordeal(model: str, seconds: float, timeout_s: float) -> Outcome:
    """`timeout_s`: how long the server bears with a client that is silent or slow."""
    flags = [f"--idle-timeout={timeout_s}s", f"--header-timeout={timeout_s}s"]
    flags += POOL if model in POOLED else ()
    with running(model, *flags) as server:
        _until(lambda: model != "preforked" or len(server.children()) == 64)
        before = _descriptors(server)
        over = threading.Event()
        honest = Honest(server)
        threads = [
            threading.Thread(target=neighbour, args=(server.port, over)) for neighbour in NEIGHBOURS
        ]
        threads.append(threading.Thread(target=honest.run, args=(over,)))
        for thread in threads:
            thread.start()
        memory: list[int] = []
        began_s = time.monotonic()
        while (past_s := time.monotonic() - began_s) < seconds or (
            _grows(_plateau(memory), _end(memory)) and past_s < MOST_LONGER * seconds
        ):
            time.sleep(SAMPLE_S)
            memory.append(_resident_bytes(server))
        over.set()
        for thread in threads:
            thread.join()
        _until(lambda: _descriptors(server) <= before)
        after = _descriptors(server)
        account = server.stop()
    return Outcome(
        model=model,
        asked=honest.asked,
        errors=honest.errors,
        slowest_s=honest.slowest_s,
        plateau_bytes=_plateau(memory),
        end_bytes=_end(memory),
        descriptors_before=before,
        descriptors_after=after,
        answered=account["answered"],
        aborted=account["aborted"],
    )


def _plateau(memory: list[int]) -> int:
    third = len(memory) // 3
    return max(memory[third : 2 * third])


def _end(memory: list[int]) -> int:
    return max(memory[-max(1, len(memory) // 6) :])


def _grows(plateau_bytes: int, end_bytes: int) -> bool:
    return end_bytes > MOST_GROWTH * plateau_bytes


def _until(true: object, within_s: float = 10.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not true() and time.monotonic() < deadline_s:  # type: ignore[operator]
        time.sleep(0.05)


def _processes(server: Server) -> list[Path]:
    return [Path(f"/proc/{pid}") for pid in (server.process.pid, *server.children())]


def _descriptors(server: Server) -> int:
    """Open in all processes of the server."""
    found = 0
    for process in _processes(server):
        try:
            found += len(os.listdir(process / "fd"))
        except OSError:
            pass  # a child that has ended meanwhile
    return found


def _resident_bytes(server: Server) -> int:
    """Of the server's largest process: children that come and go are counted nowhere else."""
    sizes = []
    for process in _processes(server):
        try:
            sizes.append(int((process / "statm").read_text().split()[1]) * PAGE_BYTES)
        except OSError:
            pass
    return max(sizes)
