"""How Compose is found and called, with false ones in the PATH that write down what they got."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lab.containers import compose
from lab.containers.compose import Compose
from lab.containers.compose_errors import ComposeError
from lab.errors import Interrupted
from lab.plan.topology import Foreign, Topology

FALSE = """#!{python}
import json, os, sys, time
if "version" in sys.argv:
    print("{version}")
    sys.exit({status} if sys.argv[1] == "compose" else 0)
time.sleep({takes_s})
files = [word for word in sys.argv if word.startswith("/tmp/") and word.endswith(".yml")]
texts = [open(name).read() for name in files]
with open(os.environ["TOLD"], "w") as file:
    json.dump({{"words": sys.argv, "environment": dict(os.environ), "texts": texts}}, file)
print("{complaint}", file=sys.stderr)
sys.exit({status})
"""
VARIABLES = {"SERVER_WORKERS": "8", "USERS": "", "PORT_EPOLL": "8007"}


class Host:
    """A PATH with the Composes that it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told_file = folder / "told.json"

    def has(self, name: str, status: int = 0, complaint: str = "", takes_s: float = 0) -> None:
        text = FALSE.format(
            python=sys.executable,
            version=f"{name} 1",
            status=status,
            complaint=complaint,
            takes_s=takes_s,
        )
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def told(self) -> tuple[list[str], dict[str, str]]:
        told = json.loads(self.told_file.read_text())
        return told["words"][1:], told["environment"]

    def project(self, **environment: str) -> Compose:
        mine = {"PATH": str(self.folder), "TOLD": str(self.told_file), **environment}
        return Compose(Path("/root-of-the-lab"), "p", Topology({}, {}, VARIABLES), mine)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setenv("PATH", str(tmp_path))
    compose.command.cache_clear()
    yield Host(tmp_path)
    compose.command.cache_clear()


def test_version_2_is_preferred(host: Host) -> None:
    host.has("docker")
    host.has("docker-compose")
    assert compose.command() == ("docker", "compose")


def test_a_docker_without_the_plugin_falls_back_on_docker_compose(host: Host) -> None:
    host.has("docker", status=1)
    host.has("docker-compose")
    assert compose.command() == ("docker-compose",)
    assert compose.version() == "docker-compose 1"


def test_neither_is_an_error_with_a_remedy(host: Host) -> None:
    with pytest.raises(ComposeError, match="there is no Compose") as raised:
        compose.command()
    assert "apt-get install" in raised.value.remedy


def test_up_starts_exactly_the_named_services_afresh(host: Host) -> None:
    host.has("docker-compose")
    host.project().up(["epoll", "locust-worker"], {"USERS": "9"}, {"locust-worker": 2})
    words, _ = host.told()
    assert words[:7] == [
        "--ansi",
        "never",
        "-p",
        "p",
        "-f",
        "/root-of-the-lab/docker-compose.yml",
        "up",
    ]
    assert {"--detach", "--no-build", "--no-deps", "--force-recreate"} <= set(words)
    assert words[-4:] == ["--scale", "locust-worker=2", "epoll", "locust-worker"]


def test_a_server_of_ones_own_is_a_second_file_for_as_long_as_it_is_needed(host: Host) -> None:
    host.has("docker-compose")
    project = host.project()
    foreign = Foreign("services: {mine: {}}\n", ("mine",), frozenset({"mine"}))
    replace(project, topology=replace(project.topology, foreign=foreign)).build(["mine"])
    words, _ = host.told()
    ours, second = (words[n + 1] for n, word in enumerate(words) if word == "-f")
    assert ours == "/root-of-the-lab/docker-compose.yml"
    assert json.loads(host.told_file.read_text())["texts"] == [foreign.text]
    assert not Path(second).exists()
    assert words[-2:] == ["build", "mine"]


def test_a_stray_variable_of_the_caller_does_not_reach_the_containers(host: Host) -> None:
    host.has("docker-compose")
    stray = {"SERVER_WORKERS": "99", "USERS": "5", "PORT_EPOLL": "9007", "HOME": "/home/me"}
    host.project(**stray).up(["epoll"], {"USERS": "10"})
    _, environment = host.told()
    assert environment["SERVER_WORKERS"] == "8", "the file's default"
    assert environment["USERS"] == "10", "what the lab gave"
    assert environment["PORT_EPOLL"] == "9007", "the host's own business"
    assert environment["HOME"] == "/home/me"


def test_a_failure_is_told_with_its_remedy(host: Host) -> None:
    host.has("docker-compose", status=1, complaint="bind 127.0.0.1:8007: address already in use")
    with pytest.raises(ComposeError, match="port 8007") as raised:
        host.project().up(["epoll"])
    assert "PORT_EPOLL=18007" in raised.value.remedy


def test_one_that_hangs_is_ended(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    host.has("docker-compose", takes_s=60)
    compose.command()
    monkeypatch.setattr(compose, "PATIENCE_S", 0.3)
    with pytest.raises(ComposeError, match=r"no answer within 0\.3 s"):
        host.project().up(["epoll"])


def test_an_interruption_lets_compose_finish(host: Host) -> None:
    """Else a container that it just asked for appears after everything was cleared away."""
    host.has("docker-compose", takes_s=1)
    compose.command()

    def interrupt(signum: int, frame: object) -> None:
        raise Interrupted(signum)

    before = signal.signal(signal.SIGUSR1, interrupt)
    began_s = time.monotonic()
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        with pytest.raises(Interrupted):
            host.project().up(["epoll"])
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
    assert time.monotonic() - began_s >= 1
    assert host.told()[0][-1] == "epoll"
