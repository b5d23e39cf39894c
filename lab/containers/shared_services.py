"""Redis and the VM host: up for a whole run, and as new for each of its trials."""

from __future__ import annotations

import time
from collections.abc import Mapping

import docker

from lab.containers import cleanup
from lab.containers.compose import Compose
from lab.errors import LabError

SUPPORT = ("redis", "vmhost")
WITHIN_S = 5.0
EVERY_S = 0.1


def ensure_up(client: docker.DockerClient, compose: Compose, variables: Mapping[str, str]) -> None:
    """Start the one that does not run, whatever became of it."""
    found = cleanup.containers(client, compose.project, SUPPORT)
    running = {each.labels[cleanup.SERVICE] for each in found if each.status == "running"}
    if missing := [name for name in SUPPORT if name not in running]:
        compose.up(missing, variables)


def flush_redis(client: docker.DockerClient, project: str) -> None:
    """The guestbook starts empty in every trial. Redis may have come up only just now."""
    said = "there is no such container"
    until_s = time.monotonic() + WITHIN_S
    while time.monotonic() < until_s:
        for redis in cleanup.containers(client, project, ["redis"]):
            code, output = redis.exec_run(["redis-cli", "FLUSHALL"])
            assert isinstance(output, bytes)  # neither streamed nor split
            said = output.decode(errors="replace").strip()
            if code == 0 and "OK" in said:
                return
        time.sleep(EVERY_S)
    raise LabError(f"Redis does not answer: {said}", "see its log: docker logs serverlab_redis_1")
