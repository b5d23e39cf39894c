"""What the tests of the containers share: the file as Compose merges it, a project of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml

from lab import daemon, sweep, topology
from lab.compose import FILE, Compose
from lab.topology import Topology

ROOT = Path(__file__).parents[2]
PROJECT = f"serverlab-test-{os.getpid()}"
PORTS_ASIDE = 10_000  # a lab may be running on this host meanwhile


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


@pytest.fixture
def project(
    client: docker.DockerClient, catalogue: Topology, environment: dict[str, str]
) -> Iterator[Compose]:
    """An empty project; whatever a test starts in it is gone afterwards."""
    yield Compose(ROOT, PROJECT, catalogue, environment)
    sweep.remove(client, PROJECT)
