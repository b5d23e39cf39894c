"""What Docker refuses, under the Compose that is installed: one error with its remedy."""

from __future__ import annotations

import socket

import docker
import pytest

from lab.containers import cleanup, forwarding, images
from lab.containers.compose import Compose
from lab.containers.compose_errors import ComposeError, PortTakenError
from lab.containers.daemon import DaemonError
from lab.containers.forwarding import ForwardingError
from lab.plan.topology import Topology
from tests.containers.conftest import PROJECT, ROOT

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module", autouse=True)
def _images(client: docker.DockerClient, catalogue: Topology) -> None:
    images.ensure(client, catalogue.images_of({"epoll", "vmhost"}), ROOT, print)


def test_a_taken_port_is_told_and_nothing_is_left(
    client: docker.DockerClient, project: Compose
) -> None:
    port = project.topology.models["epoll"].published_port
    assert port
    with socket.create_server(("127.0.0.1", port)), pytest.raises(PortTakenError, match=str(port)):
        project.up(["epoll"])
    cleanup.remove(client, PROJECT)
    assert cleanup.containers(client, PROJECT) == []
    wanted = {"label": f"{cleanup.PROJECT_LABEL}={PROJECT}"}
    assert client.networks.list(filters=wanted) == []


def test_a_cpu_that_is_not_here_is_told(project: Compose) -> None:
    with pytest.raises(ComposeError, match="CPU that this host does not have"):
        project.up(["epoll"], {"SERVER_CPUS": "4000"})


def test_no_daemon_is_told(catalogue: Topology, environment: dict[str, str]) -> None:
    nowhere = {**environment, "DOCKER_HOST": "unix:///nowhere.sock"}
    with pytest.raises(DaemonError, match="is not running"):
        Compose(ROOT, PROJECT, catalogue, nowhere).up(["epoll"])


def test_forwarding_without_a_vm_host_or_a_guest_is_told(
    client: docker.DockerClient, project: Compose
) -> None:
    models = project.topology.models.values()
    with pytest.raises(ForwardingError, match="vmhost is not running"):
        forwarding.forward(client, PROJECT, models)
    project.up(["vmhost"])
    with pytest.raises(ForwardingError, match="none of the services is up"):
        forwarding.forward(client, PROJECT, models)
