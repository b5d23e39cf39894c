"""The references: all that the lab asks of somebody else's server, asked of each that it brings."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from lab.containers import cleanup, images
from lab.containers.compose import Compose
from lab.plan import topology
from lab.plan.topology import FILE, Topology
from tests.containers.conftest import PROJECT, ROOT
from tests.containers.test_real_network import await_answer

pytestmark = pytest.mark.docker
REFERENCES = list(topology.read(ROOT / FILE, {}).references)
SITE = [path for path in (ROOT / "servers/site").iterdir() if path.is_file()]
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".bin": "application/octet-stream",
}
CLOSES = ("gunicorn-sync",)  # after each answer, whatever the client wishes
POOL = 8


@pytest.fixture(scope="module")
def started(
    client: docker.DockerClient, project: Compose, catalogue: Topology
) -> dict[str, Container]:
    """Every reference, by its name."""
    images.ensure(client, catalogue.images_of(set(catalogue.references)), ROOT, print)
    project.up(list(catalogue.references))
    for each in catalogue.references.values():
        assert each.published_port
        await_answer(each.published_port)
    found = cleanup.containers(client, PROJECT)
    return {each.labels["lab.reference"]: each for each in found}


@pytest.fixture(params=REFERENCES)
def name(request: pytest.FixtureRequest, started: dict[str, Container]) -> str:
    return str(request.param)


def ask(client: http.client.HTTPConnection, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    client.request("GET", path)
    answer = client.getresponse()
    return answer, answer.read()


@pytest.fixture
def connection(name: str, catalogue: Topology) -> Iterator[http.client.HTTPConnection]:
    port = catalogue.references[name].published_port
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as opened:
        yield opened


@pytest.mark.parametrize("path", SITE, ids=lambda path: path.name)
def test_it_serves_the_files_of_the_site(
    path: Path, connection: http.client.HTTPConnection
) -> None:
    answer, body = ask(connection, f"/{path.name}")
    assert (answer.status, answer.getheader("Content-Type")) == (200, TYPES[path.suffix])
    assert body == path.read_bytes()


def test_it_has_health_and_refuses_what_it_has_not(
    connection: http.client.HTTPConnection,
) -> None:
    answer, body = ask(connection, "/health")
    assert (answer.status, body) == (200, b"ok\n")
    assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"
    assert ask(connection, "/guestbook")[0].status == 404
    assert ask(connection, "/")[0].status == 404


def test_it_keeps_the_connection(name: str, connection: http.client.HTTPConnection) -> None:
    for _ in range(200):
        answer, _ = ask(connection, "/615b.html")
        assert answer.will_close == (name in CLOSES)


def test_pools_are_as_large_as_those_of_the_models(started: dict[str, Container]) -> None:
    processes = {name: len(each.top()["Processes"]) for name, each in started.items()}
    assert processes["apache-prefork"] == processes["gunicorn-sync"] == POOL + 1
    for name in ("apache-worker", "apache-event", "gunicorn-gthread"):
        assert processes[name] == 2
    pool = started["apache-worker"].top(ps_args="-L -o pid,comm")["Processes"]
    assert len(pool) == 1 + POOL + 2, (
        "the parent; the workers, their listener and their main thread"
    )


def test_it_ends_when_it_is_told_and_has_nothing_to_say(
    name: str, started: dict[str, Container]
) -> None:
    """The last test: it ends them."""
    started[name].kill("SIGTERM")
    assert started[name].wait(timeout=20)["StatusCode"] == 0
    said = started[name].logs().decode().splitlines()
    expected = (":notice]", "/tmp/site/guestbook")  # Apache's start and end; what nginx has not
    assert [line for line in said if not any(each in line for each in expected)] == []
