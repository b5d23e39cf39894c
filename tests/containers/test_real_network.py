"""The three paths to a guest, on real containers; and what Docker really granted them."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from lab.containers import cleanup, forwarding, images, steering
from lab.containers.compose import Compose
from lab.plan import topology
from lab.plan.topology import Topology
from tests.containers.conftest import PROJECT, ROOT, output_of

pytestmark = pytest.mark.docker
READY_WITHIN_S = 20
ASK = """
import sys, urllib.request
for url in sys.argv[1:]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        print(answer.status, len(answer.read()), url)
"""
STATUS = "grep -e Uid -e CapEff -e NoNewPrivs /proc/1/status"
NET_ADMIN = 12  # its number in capability.h


@pytest.fixture(scope="module", autouse=True)
def _images(client: docker.DockerClient, catalogue: Topology) -> None:
    wanted = catalogue.images_of({*catalogue.models, "redis", "vmhost"})
    images.ensure(client, wanted, ROOT, print)


@pytest.fixture(scope="module")
def started(client: docker.DockerClient, project: Compose) -> dict[str, Container]:
    """Every model, the store and the VM host, by service."""
    project.up([*project.topology.models, "redis", "vmhost"], {"SERVER_GRACE": "1s"})
    for model in project.topology.models.values():
        assert model.published_port
        await_answer(model.published_port)
    found = cleanup.containers(client, PROJECT)
    return {each.labels[cleanup.SERVICE]: each for each in found}


def await_answer(port: int) -> None:
    """Docker's proxy accepts before the server listens, so only an answer counts."""
    deadline_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline_s:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(b"GET /health HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
            try:
                if client.recv(12) == b"HTTP/1.1 200":
                    return
            except ConnectionResetError:
                pass
        time.sleep(0.05)
    pytest.fail(f"no answer on port {port} within {READY_WITHIN_S} s")


def ask(client: docker.DockerClient, beside: Container, *urls: str) -> list[str]:
    """GET from a container that shares the network namespace of `beside`, as Locust's do."""
    network = f"container:{beside.id}"
    words = ["-c", ASK, *urls]
    return output_of(client, "serverlab-guest", words, entrypoint=["python3"], network_mode=network)


def inside(container: Container, command: str) -> list[str]:
    """The lines that a shell in the container prints."""
    _, told = container.exec_run(["sh", "-c", command])
    assert isinstance(told, bytes)
    return told.decode().splitlines()


def test_a_steered_guest_receives_with_its_own_cpus(
    client: docker.DockerClient, project: Compose, started: dict[str, Container]
) -> None:
    masks = "cat /sys/class/net/eth0/queues/rx-*/rps_cpus"
    assert {int(line.replace(",", ""), 16) for line in inside(started["epoll"], masks)} == {0}
    assert steering.refusal(client, project, [0]) is None, "nobody is steered by the question"
    steering.steer(client, project, started["epoll"], [0])
    assert {int(line.replace(",", ""), 16) for line in inside(started["epoll"], masks)} == {1}
    assert {int(line.replace(",", ""), 16) for line in inside(started["poll"], masks)} == {0}


def test_a_daemon_that_refuses_is_told_with_what_the_run_does_instead(
    client: docker.DockerClient, project: Compose, tmp_path: Path
) -> None:
    text = (ROOT / topology.FILE).read_text().replace("cap_add: [SYS_ADMIN, NET_ADMIN]", "")
    (tmp_path / topology.FILE).write_text(text)
    powerless = replace(project, root=tmp_path)
    why = steering.refusal(client, powerless, [0])
    assert why is not None
    assert "/sys stays read-only" in why


def test_all_three_paths_lead_to_every_model(
    client: docker.DockerClient, project: Compose, started: dict[str, Container]
) -> None:
    models = project.topology.models.values()
    lines = forwarding.forward(client, PROJECT, models)
    assert [line.split()[0] for line in lines] == [f"127.0.0.1:{each.port}" for each in models]
    assert forwarding.forward(client, PROJECT, models) == lines, "again changes nothing"
    forwarded = [f"http://127.0.0.1:{each.port}/10kb.txt" for each in models]
    direct = [f"http://{each.service}:{each.guest_port}/10kb.txt" for each in models]
    told = ask(client, started["vmhost"], *forwarded, *direct)
    assert told == [f"200 10000 {url}" for url in (*forwarded, *direct)]


def test_the_store_answers_guests_and_is_published_nowhere(
    client: docker.DockerClient, started: dict[str, Container]
) -> None:
    [told] = ask(client, started["epoll"], "http://127.0.0.1:8000/guestbook")
    assert told.startswith("200 ")
    assert not any(started["redis"].ports.values())


def test_what_was_granted(started: dict[str, Container]) -> None:
    for service, container in started.items():
        granted = container.attrs["HostConfig"]
        assert granted["ReadonlyRootfs"], service
        assert granted["CapDrop"] == ["ALL"], service
        assert granted["PidsLimit"] > 0, service
        assert granted["Memory"] > 0, service
        status = dict(line.split(":\t", 1) for line in inside(container, STATUS))
        root = service == "vmhost"
        assert status["Uid"].split()[1] == ("0" if root else "10001"), service
        assert int(status["CapEff"], 16) == (1 << NET_ADMIN if root else 0), service
        assert status["NoNewPrivs"] == "1", service
        assert inside(container, "touch /srv/x /usr/x 2>/dev/null || echo refused") == ["refused"]
        assert int(inside(container, "ulimit -n")[0]) > 15_000 or root, service


def test_a_guest_that_came_up_anew_is_forwarded_anew(
    client: docker.DockerClient, project: Compose, started: dict[str, Container]
) -> None:
    model = project.topology.models["epoll"]
    assert cleanup.remove(client, PROJECT, ["epoll"]) == [started["epoll"].name]
    project.up(["epoll"])
    assert model.published_port
    await_answer(model.published_port)
    forwarding.forward(client, PROJECT, [model])
    [told] = ask(client, started["vmhost"], f"http://127.0.0.1:{model.port}/615b.html")
    assert told.startswith("200 615 ")
