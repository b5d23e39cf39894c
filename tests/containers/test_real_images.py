"""Building, on the real daemon: once, again only for a reason, and told well where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from lab.containers import images
from lab.containers.images import BuildError
from lab.plan.topology import Image
from tests.containers.conftest import PROJECT, output_of

pytestmark = pytest.mark.docker
IMAGE = Image(PROJECT, "Dockerfile", frozenset())


@pytest.fixture
def root(tmp_path: Path, client: docker.DockerClient) -> Iterator[Path]:
    (tmp_path / "one.txt").write_text("1")
    (tmp_path / "Dockerfile").write_text(
        "FROM debian:trixie-slim\nCOPY one.txt .certificates /srv/\n"
    )
    yield tmp_path
    for image in client.images.list(name=PROJECT):
        client.images.remove(str(image.id), force=True)


def build(client: docker.DockerClient, root: Path) -> tuple[str, list[str]]:
    said: list[str] = []
    return images.ensure(client, [IMAGE], root, said.append)[PROJECT], said


def test_is_built_again_only_when_its_inputs_changed(
    client: docker.DockerClient, root: Path
) -> None:
    first, said = build(client, root)
    assert said[0] == f"building {PROJECT}: it is not here yet"
    assert client.images.get(PROJECT).labels["lab.project"] == "serverlab"
    (root / "elsewhere.txt").write_text("no input")
    assert build(client, root) == (first, [])
    (root / "one.txt").write_text("2")
    second, said = build(client, root)
    assert second != first
    assert said[0] == f"building {PROJECT}: its sources changed"
    assert output_of(client, PROJECT, ["cat", "/srv/one.txt"]) == ["2"]
    dangling = client.images.list(filters={"label": "lab.inputs", "dangling": True})
    assert first not in {each.id for each in dangling}, "the forerunner is removed"


def test_a_failed_build_keeps_the_image_and_leaves_no_container(
    client: docker.DockerClient, root: Path
) -> None:
    first, _ = build(client, root)
    dockerfile = root / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text() + "RUN echo alas && false\n")
    before = {each.id for each in client.containers.list(all=True)}
    with pytest.raises(BuildError, match="alas") as raised:
        build(client, root)
    assert raised.value.remedy
    assert client.images.get(PROJECT).id == first
    after = client.containers.list(all=True, filters={"ancestor": first}, ignore_removed=True)
    assert {each.id for each in after} <= before


def test_a_dockerfile_that_is_none_is_told(client: docker.DockerClient, root: Path) -> None:
    (root / "Dockerfile").write_text("FROM debian:trixie-slim\nBAKE cake\n")
    with pytest.raises(BuildError, match=r"(?i)unknown instruction"):
        build(client, root)
