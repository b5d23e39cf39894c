"""strace beside one server, from the time when it follows every process of it until told to end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from lab.containers import cleanup
from lab.containers.compose import Compose
from lab.errors import LabError

SERVICE = "tracer"
ATTACHED_WITHIN_S = 10.0
EVERY_S = 0.05
REMEDY = "see whether this host lets a container use ptrace (kernel.yama.ptrace_scope, seccomp)"


@dataclass
class Trace:
    """`text`: what strace wrote, once the block has ended. `last_words`: what it said of itself."""

    text: str = ""
    last_words: str = ""


@contextmanager
def following(
    client: docker.DockerClient, compose: Compose, service: str, variables: Mapping[str, str]
) -> Iterator[Trace]:
    """`variables`: those that the server was started with."""
    compose.up([SERVICE], {**variables, "TRACED": service})
    [tracer] = cleanup.containers(client, compose.project, [SERVICE])
    _wait_until_attached(tracer)
    trace = Trace()
    yield trace
    tracer.kill("SIGTERM")
    tracer.wait()
    trace.text = tracer.logs(stdout=True, stderr=False).decode(errors="replace")
    trace.last_words = _last(tracer)
    cleanup.discard([tracer])


def _wait_until_attached(tracer: Container) -> None:
    """It says whom it follows, then a line for each process that it has."""
    deadline_s = time.monotonic() + ATTACHED_WITHIN_S
    while time.monotonic() < deadline_s:
        first, *others = _said(tracer).splitlines() or [""]
        followed = first.removeprefix("following ").split(",")
        if sum(" attached" in line for line in others) >= len(followed):
            return
        tracer.reload()
        if tracer.status != "running":
            break
        time.sleep(EVERY_S)
    raise LabError(f"strace could not follow the server:\n{_last(tracer)}", REMEDY)


def _said(tracer: Container) -> str:
    return tracer.logs(stdout=False, stderr=True).decode(errors="replace")


def _last(tracer: Container) -> str:
    return "\n".join(_said(tracer).splitlines()[-5:])
