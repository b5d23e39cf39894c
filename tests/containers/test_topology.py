"""What the lab reads from the Compose file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lab.errors import LabError, MisuseError
from lab.plan import topology
from lab.plan.topology import Image

FILE = """
services:
  epoll:
    image: ours
    build: {context: ., dockerfile: servers/Dockerfile}
    cpuset: "${SERVER_CPUS:-}"
    ports: ["127.0.0.1:${PORT_EPOLL:-8007}:8000"]
    labels: {lab.model: epoll, lab.port: "8007"}
    environment: {SERVER_BACKLOG: "${SERVER_BACKLOG:-4096}", SERVER_PORT: "8000", HOME: /tmp}
  web:
    image: nginx:stable
    ports: ["127.0.0.1:8008:80"]
    labels: {lab.model: nginx, lab.port: "8008"}
  other:
    image: theirs
    ports: ["127.0.0.1:8009:81"]
    labels: {lab.reference: other, lab.port: "8009"}
  redis: {image: store, build: {context: ., dockerfile: redis/Dockerfile}}
"""


def test_a_service_with_the_label_is_a_model() -> None:
    models = topology.parse(FILE, {}).models
    assert list(models) == ["epoll", "nginx"]
    assert models["nginx"].service == "web"
    assert (models["nginx"].port, models["nginx"].guest_port) == (8008, 80)


def test_a_reference_can_be_put_under_load_and_is_no_model() -> None:
    declared = topology.parse(FILE, {})
    assert list(declared.references) == ["other"]
    assert declared.references["other"].port == 8009
    assert list(declared.servers) == ["epoll", "nginx", "other"]


def test_a_server_is_published_elsewhere_by_a_variable_that_a_shell_takes() -> None:
    assert topology.port_variable("apache-prefork") == "PORT_APACHE_PREFORK"


def test_a_knob_is_a_variable_of_its_own_name() -> None:
    models = topology.parse(FILE, {}).models
    assert models["epoll"].knobs == {"backlog": "4096"}
    assert models["nginx"].knobs == {}


def test_a_published_port_follows_the_environment() -> None:
    model = topology.parse(FILE, {"PORT_EPOLL": "9999"}).models["epoll"]
    assert (model.port, model.published_port) == (8007, 9999)


def test_images_are_built_or_pulled() -> None:
    assert topology.parse(FILE, {}).images_of({"epoll", "web"}) == [
        Image("ours", "servers/Dockerfile", frozenset({"epoll"})),
        Image("nginx:stable", None, frozenset({"web"})),
    ]


def test_every_variable_is_known_with_its_default() -> None:
    variables = topology.parse(FILE, {}).variables
    assert variables == {"SERVER_CPUS": "", "PORT_EPOLL": "8007", "SERVER_BACKLOG": "4096"}


def test_an_empty_value_counts_as_none() -> None:
    assert topology.interpolate("${A:-1}:${B:-2}:${C:-3}", {"A": "x", "B": ""}) == "x:2:3"


@pytest.mark.parametrize(
    "text",
    [
        "services: [",
        "services: {a: {labels: {lab.model: a}}}",
        "volumes: {}",
        "",
        "services: {a: {image: x, labels: {lab.model: a, lab.port: many}}}",
        "services: {a: 1}",
    ],
)
def test_a_broken_file_is_one_error_with_a_remedy(tmp_path: Path, text: str) -> None:
    file = tmp_path / "docker-compose.yml"
    file.write_text(text)
    with pytest.raises(LabError, match=r"docker-compose\.yml") as raised:
        topology.read(file, {})
    assert raised.value.remedy


def test_a_missing_file_is_one_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="cannot be read"):
        topology.read(tmp_path / "docker-compose.yml", {})


@pytest.mark.parametrize(
    ("size", "memory_bytes"), [("4g", 4 << 30), ("512M", 512 << 20), ("8k", 8192), ("65536", 65536)]
)
def test_the_limits_of_a_models_container_are_known(size: str, memory_bytes: int) -> None:
    limits = f'mem_limit: "${{GUEST_MEMORY:-{size}}}"\n    pids_limit: 90\n    sysctls: '
    text = FILE.replace("image: nginx:stable", f"image: x\n    {limits}{{net.core.somaxconn: '7'}}")
    model = topology.parse(text, {}).models["nginx"]
    assert (model.memory_bytes, model.pids_limit, model.somaxconn) == (memory_bytes, 90, 7)
    assert topology.parse(text, {"GUEST_MEMORY": "1g"}).models["nginx"].memory_bytes == 1 << 30


def test_a_container_without_limits_has_none() -> None:
    model = topology.parse(FILE, {}).models["nginx"]
    assert (model.memory_bytes, model.pids_limit, model.somaxconn) == (None, None, None)


def test_a_size_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "docker-compose.yml"
    file.write_text(FILE.replace("image: nginx:stable", "image: x\n    mem_limit: 4x"))
    with pytest.raises(LabError, match="'4x' is no size"):
        topology.read(file, {})


@given(name=st.sampled_from(["PORT_EPOLL", "GUEST_MEMORY"]), value=st.text(min_size=1))
@example("PORT_EPOLL", "99999")
@example("GUEST_MEMORY", "lots")
@example("GUEST_MEMORY", "4gb")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_variable_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    file = tmp_path / "docker-compose.yml"
    limit = 'image: x\n    mem_limit: "${GUEST_MEMORY:-4g}"'
    file.write_text(FILE.replace("image: nginx:stable", limit))
    told = ""
    try:
        topology.read(file, {name: value})
    except MisuseError as error:
        told = error.message
    assert told.startswith(f"{name}: ") if told else value[0].isdigit()
