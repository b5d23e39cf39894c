"""The container that measures: started, followed line by line, gone afterwards.

It has no network: what happens on its own loopback passes no bridge, no forward and no proxy. The
document root is a tmpfs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError
from docker.types import Mount, Ulimit

from lab.containers import cleanup
from lab.errors import LabError
from lab.run.session import PROJECT_NAME

SOURCES = "/srv/lab"  # of either image
PLACE = "/bench"
LONGEST_S = 3600
LINES_SHOWN = 15
OPEN_FILES = 20_000  # some daemons grant no more; 10,000 idle connections need half of it


def events(
    client: docker.DockerClient,
    image: str,
    words: Sequence[str],
    sources: Path | None,
) -> Iterator[dict[str, Any]]:
    """What the image's container tells (inside/measured.py), as it tells it, till `done`.

    `sources`: a folder of the host that is mounted, read-only, over the one of its name in there.

    Raises LabError where it ends in another way. Whoever stops early sweeps the container up.
    """
    key, _, value = cleanup.LABEL.partition("=")
    try:
        container = client.containers.run(
            image,
            ["--place", PLACE, *words],
            entrypoint=["timeout", f"{LONGEST_S}", *_entry_point(client, image)],
            labels={key: value, cleanup.PROJECT_LABEL: PROJECT_NAME, cleanup.SERVICE: image},
            detach=True,
            init=True,
            network_mode="none",
            read_only=True,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges:true"],
            mem_limit="4g",
            pids_limit=4096,
            ulimits=[Ulimit(name="nofile", soft=OPEN_FILES, hard=OPEN_FILES)],
            sysctls={"net.core.somaxconn": "16384"},
            tmpfs={PLACE: "size=64m,mode=1777", "/tmp": "size=16m,mode=1777"},  # noqa: S108
            mounts=[_mount(sources)] if sources else [],
        )
    except APIError as error:
        raise LabError(
            f"the container does not start: {error.explanation}", "make doctor looks for causes"
        ) from error
    last = ""
    for line in _lines(container.logs(stdout=True, stderr=False, stream=True, follow=True)):
        event = json.loads(line)
        last = event["event"]
        yield event
    if last != "done":
        told = container.logs(stdout=False, stderr=True, tail=LINES_SHOWN)
        raise LabError(
            "the measuring ended early; its last words:", told.decode(errors="replace").strip()
        )


def _mount(sources: Path) -> Mount:
    return Mount(f"{SOURCES}/{sources.name}", str(sources), type="bind", read_only=True)


def _entry_point(client: docker.DockerClient, image: str) -> list[str]:
    return list(client.images.get(image).attrs["Config"]["Entrypoint"])


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    """Whole lines, however the daemon cuts its stream."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() for line in lines if line.strip())
