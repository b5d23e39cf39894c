"""Finds and removes exactly what is the lab's: by its label, and within one Compose project.

Never a prune, never a name that merely looks like ours. It goes past Compose because `down` takes
a second longer and would remove by the file, which may have changed since the containers started.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus

import docker
from docker.errors import APIError, NotFound
from docker.models.containers import Container
from docker.models.networks import Network

from lab.containers.base_image import BASE, MADE_HERE

LABEL = "lab.project=serverlab"
PROJECT_LABEL = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
BESIDE = "-beside-"  # between a project and the number of one beside it
OUR_TAGS = ("serverlab-",)
REMOVAL_S = 20


def containers(
    client: docker.DockerClient, project: str, services: Collection[str] = ()
) -> list[Container]:
    """The project's containers, running or not; of these services alone where any are named."""
    found = client.containers.list(all=True, filters=_of(project), ignore_removed=True)
    return [each for each in found if not services or each.labels[SERVICE] in services]


def beside(project: str, number: int) -> str:
    """The project of a trial that runs at the same time as another one."""
    return f"{project}{BESIDE}{number}"


def remove(client: docker.DockerClient, project: str, services: Collection[str] = ()) -> list[str]:
    """Kill and remove the containers, whatever their state; tells their names.

    Without `services`, of the whole project and of those beside it, and their networks too. What is
    gone already, or just going, is no failure.
    """
    if services:
        return discard(containers(client, project, services))
    found, networks = with_those_beside(client, project)
    names = discard(found)
    for network in networks:
        _gone(network.remove)
    return names


def with_those_beside(
    client: docker.DockerClient, project: str
) -> tuple[list[Container], list[Network]]:
    """Every container and network of the project and of those beside it."""
    ours: dict[str, str | list[str] | bool] = {"label": LABEL}
    found = client.containers.list(all=True, filters=ours, ignore_removed=True)
    networks = client.networks.list(filters=ours)
    return (
        [each for each in found if _is_of(project, each.labels)],
        [each for each in networks if _is_of(project, each.attrs["Labels"])],
    )


def _is_of(project: str, labels: Mapping[str, str]) -> bool:
    return labels.get(PROJECT_LABEL, "").partition(BESIDE)[0] == project


def discard(found: Collection[Container]) -> list[str]:
    """Kill and remove these; tells the names of those that this call removed.

    All at once: each takes the daemon a quarter of a second, most of it waiting.
    """
    with ThreadPoolExecutor(8) as pool:
        went = pool.map(_discard, found)
        return [str(each.name) for each, gone in zip(found, went, strict=True) if gone]


def _discard(container: Container) -> bool:
    """Gone when this returns, also where another removal came first: networks wait for it."""
    if _gone(partial(container.remove, force=True, v=True)):
        return True
    with suppress(NotFound):
        container.wait(condition="removed", timeout=REMOVAL_S)
    return False


def remove_images(client: docker.DockerClient) -> list[str]:
    """The images that the lab built, and the base image if the lab made it; tells their tags.

    One that somebody else's container uses stays. Labels are inherited by images that others
    build on ours, so the tag must be ours too.
    """
    removed = []
    for image in client.images.list(filters={"label": LABEL}):
        foreign = [tag for tag in image.tags if not tag.startswith(OUR_TAGS)]
        for name in () if foreign else image.tags or [str(image.id)]:
            if _gone(partial(client.images.remove, name)):
                removed.append(name)
    for _ in client.images.list(name=BASE, filters={"label": MADE_HERE}):
        if _gone(partial(client.images.remove, BASE)):
            removed.append(BASE)
    return removed


def _of(project: str) -> dict[str, str | list[str] | bool]:
    return {"label": [LABEL, f"{PROJECT_LABEL}={project}"]}


def _gone(remove: Callable[[], object]) -> bool:
    """Whether this call removed it: it may be gone, or going, or in use, and all are fine."""
    try:
        remove()
    except NotFound:
        return False
    except APIError as error:
        if error.status_code == HTTPStatus.CONFLICT:
            return False
        raise
    return True
