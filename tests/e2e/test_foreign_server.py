"""A server of one's own, from a folder of its own, built by its own Dockerfile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import docker
import pytest
from docker.errors import ImageNotFound

from lab.errors import MISUSED
from tests.e2e.conftest import Lab, reported

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
IMAGE = "serverlab-with-mine"
COMPOSE = """\
services:
  mine:
    build: .
    ports: ["8080:3000"]
    labels: {lab.reference: mine}
"""
DOCKERFILE = """\
FROM debian:trixie-slim
COPY server.pl /
CMD ["perl", "/server.pl"]
"""
# Debian's smallest image has Perl. It heeds no SIGTERM, and answers all alike.
SERVER = r"""
use IO::Socket::INET;
my $listener = IO::Socket::INET->new(LocalPort => 3000, Listen => 100, ReuseAddr => 1) or die $!;
while (my $client = $listener->accept) {
    my $head = "";
    sysread($client, $head, 4096, length $head) or last until $head =~ /\r\n\r\n/;
    syswrite $client, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nmine\n";
    close $client;
}
"""
SCENARIO = """\
about: For a server of one's own.
connection: close
users: 5
warmup: 200ms
window: 1s
trials: 1
requests:
  - {get: /615b.html}
"""


@pytest.fixture
def folder(tmp_path: Path, client: docker.DockerClient) -> Iterator[Path]:
    (tmp_path / "compose.yml").write_text(COMPOSE)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "server.pl").write_text(SERVER)
    (tmp_path / "mine.yml").write_text(SCENARIO)
    yield tmp_path
    with suppress(ImageNotFound):
        client.images.remove(IMAGE, force=True)


def test_it_is_measured_beside_a_model(lab: Callable[..., Lab], folder: Path) -> None:
    words = ("--with", str(folder / "compose.yml"), "--scenario", str(folder / "mine.yml"))
    status, said = lab("bench", "--model", "epoll,mine", *words).end(within_s=300)
    assert status == 0, said
    assert "building by its own Dockerfile: mine" in said
    found = reported(said)
    assert {cell.model: (cell.reference, cell.verdict) for cell in found.cells} == {
        "epoll": (False, "valid"),
        "mine": (True, "valid"),
    }
    assert any(line.startswith("mine* ") for line in said.splitlines())
    assert found.manifest.foreign
    assert IMAGE in found.manifest.images


def test_its_mistakes_are_told_before_anything_starts(
    lab: Callable[..., Lab], folder: Path
) -> None:
    file = folder / "compose.yml"
    file.write_text(COMPOSE + "    restart: always\n")
    status, said = lab("bench", "--model", "mine", "--with", str(file)).end(within_s=60)
    assert status == MISUSED
    assert f"{file}: services.mine.restart: leave it out: a server that ends is a result" in said
