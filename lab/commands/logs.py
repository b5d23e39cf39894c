"""The logs of whatever of ours runs now, followed until it ends or until Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Callable

import docker
from docker.models.containers import Container

from lab.containers import cleanup
from lab.containers.docker_events import GONE, lines
from lab.errors import LabError


def follow(
    client: docker.DockerClient, project: str, services: list[str], say: Callable[[str], None]
) -> None:
    """`services`: these alone, where any are named."""
    found = cleanup.containers(client, project, services)
    if not found:
        raise LabError(
            "nothing of the lab runs now",
            "the logs of trials that were run lie in results/latest/trials/*/server.log",
        )
    threads = [threading.Thread(target=_one, args=(each, say), daemon=True) for each in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _one(container: Container, say: Callable[[str], None]) -> None:
    name = container.labels[cleanup.SERVICE]
    try:
        for line in lines(container.logs(stream=True, follow=True, tail=50)):
            say(f"{name:15} {line}")
    except GONE:
        say(f"{name:15} (gone)")
