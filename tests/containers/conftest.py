"""What the tests of the containers share: the file as Compose merges it, a project of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml

from lab.containers import cleanup, daemon
from lab.containers.compose import Compose
from lab.plan import topology
from lab.plan.topology import FILE, Topology

ROOT = Path(__file__).parents[2]
PROJECT = f"serverlab-test-{os.getpid()}"
PORTS_ASIDE = 10_000  # a lab may be running on this host meanwhile


def output_of(client: docker.DockerClient, image: str, words: list[str], **more: Any) -> list[str]:
    """The lines that a container of the image prints until it ends.

    Not by the SDK's `run`: it follows the log of a container that may have ended before, and then
    often misses all of it.
    """
    labels = {"lab.project": "serverlab", cleanup.PROJECT_LABEL: PROJECT, cleanup.SERVICE: "asking"}
    container = client.containers.run(image, words, detach=True, labels=labels, **more)
    try:
        container.wait(timeout=60)
        return container.logs().decode().splitlines()
    finally:
        container.remove(force=True)


@pytest.fixture(scope="session")
def declared() -> dict[str, Any]:
    """The file with its anchors merged, variables as they are written."""
    content: dict[str, Any] = yaml.safe_load((ROOT / FILE).read_text())
    return content


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The caller's, with other published ports."""
    plain = topology.read(ROOT / FILE, {})
    ports = {
        name: str(PORTS_ASIDE + int(default))
        for name, default in plain.variables.items()
        if name.startswith("PORT_")
    }
    return {**os.environ, **ports}


@pytest.fixture(scope="session")
def catalogue(environment: dict[str, str]) -> Topology:
    return topology.read(ROOT / FILE, environment)


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    """Fails where Docker is missing: without it nothing here is proved."""
    reached = daemon.connect()
    yield reached
    reached.close()


@pytest.fixture(scope="module")
def project(
    client: docker.DockerClient, catalogue: Topology, environment: dict[str, str]
) -> Iterator[Compose]:
    """A project that starts empty; whatever a module starts in it is gone afterwards."""
    yield Compose(ROOT, PROJECT, catalogue, environment)
    cleanup.remove(client, PROJECT)
