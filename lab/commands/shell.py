"""`make shell`: a shell with ss and ps beside a server that `make serve` keeps up.

It shares the server's processes and its network, and nothing else of it. It can be left at any
time, and the server goes on.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from lab.containers import cleanup, images
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.containers.docker_rig import LOAD
from lab.errors import LabError, MisuseError
from lab.plan import topology
from lab.plan.models import choose
from lab.run.progress import PlainLines
from lab.run.session import PROJECT_NAME

SERVICE = "shell"


def shell(name: str, root: Path, watching: PlainLines) -> int:
    """The shell's own exit status. `name`: needed where several servers are up."""
    declared = topology.read(root / topology.FILE, os.environ)
    _, mistakes = choose([name] if name else [], list(declared.servers))
    if mistakes:
        raise MisuseError(mistakes, "as in: make shell MODEL=epoll")
    client = connect()
    there = cleanup.containers(client, PROJECT_NAME)
    running = {each.labels[cleanup.SERVICE] for each in there if each.status == "running"}
    if running & set(LOAD):
        raise LabError(
            "a server is being measured: whoever looked would take CPU time from it",
            "wait until the run is done, then: make serve",
        )
    up = [service for service in declared.servers if service in running]
    if not name and len(up) > 1:
        raise MisuseError(
            [f"MODEL: which one? Up are {', '.join(up)}"], "as in: make shell MODEL=epoll"
        )
    if not up or (name and name not in up):
        raise LabError(
            f"{name or 'no server'} is {'not ' if name else ''}up",
            f"in another terminal: make serve MODEL={name or 'epoll'}",
        )
    images.ensure(client, declared.images_of({SERVICE}), root, watching.say)
    looked_at = name or up[0]
    watching.say(f"beside {looked_at}: ss -ltn shows its sockets, ps -eLf its threads")
    compose = Compose(root, PROJECT_NAME, declared, os.environ)
    return compose.run(SERVICE, {"LOOKED_AT": looked_at}, terminal=sys.stdin.isatty())
