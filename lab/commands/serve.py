"""One model for people: up until Ctrl-C, on the port that Docker publishes on loopback."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from pathlib import Path

from docker.models.containers import Container

from lab.containers import cleanup, images
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.errors import LabError, MisuseError
from lab.plan import foreign
from lab.plan.models import choose
from lab.run.progress import PlainLines
from lab.run.session import PROJECT_NAME, session

READY_WITHIN_S = 30.0
EVERY_S = 0.2


def serve(name: str, with_file: str, root: Path, watching: PlainLines) -> None:
    """Returns never: it ends by Interrupted, or by LabError when the server ends."""
    declared = foreign.read(root, with_file, os.environ)
    chosen, mistakes = choose([name] if name else [], list(declared.servers))
    if not name:
        mistakes = [f"MODEL: which one? There are: {', '.join(chosen)}"]
    if mistakes:
        raise MisuseError(mistakes, "as in: make serve MODEL=epoll")
    model = declared.servers[name]
    if model.published_port is None:
        raise LabError(f"{name} publishes no port", "give it one under `ports`")
    services = [model.service, "redis"]
    with session(watching.say):
        client = connect()
        compose = Compose(root, PROJECT_NAME, declared, os.environ)
        if declared.foreign and model.service in declared.foreign.built:
            compose.build([model.service])
        images.ensure(client, declared.images_of(set(services)), root, watching.say)
        compose.up(services)
        [server] = cleanup.containers(client, PROJECT_NAME, [model.service])
        url = f"http://127.0.0.1:{model.published_port}/"
        wait_until_ready(f"{url}health", server)
        watching.say(f"{name} serves {url}  (Ctrl-C ends it)")
        while True:
            alive(server)
            time.sleep(1)


def wait_until_ready(url: str, server: Container) -> None:
    """LabError, with the server's last words, where it ends or does not answer in time."""
    deadline_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline_s:
        alive(server)
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - http, of ours
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(EVERY_S)
    raise LabError(f"{url} did not answer within {READY_WITHIN_S:.0f} s", _tail(server))


def alive(server: Container) -> None:
    server.reload()
    if server.status != "running":
        service = server.labels[cleanup.SERVICE]
        raise LabError(f"{service} ended; its last words:", _tail(server))


def _tail(server: Container) -> str:
    return server.logs(tail=15).decode(errors="replace").strip()
