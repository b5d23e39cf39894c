"""Runs `python -m lab` as its own process and holds it to leaving nothing behind.

Where Docker is missing these tests fail: a lab that was not run was not tested.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from lab.containers import cleanup, images
from lab.containers.daemon import connect
from lab.errors import LabError
from lab.host.only_one import only_lab
from lab.plan import topology
from lab.records import durable
from lab.records.run_folder import RunFolder
from lab.report import report
from lab.report.report import Report
from lab.run.session import PROJECT_NAME

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
OTHER_LAB_S = 200
QUICK = """\
about: For the tests.
users: 5
warmup: 200ms
window: 1s
timeout: 3s
trials: 1
requests:
  - {get: /615b.html, weight: 3, expect: {bytes: 615}}
  - {get: /guestbook}
"""


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    with closing(connect()) as found:
        yield found


@pytest.fixture(scope="session")
def built(client: docker.DockerClient) -> None:
    """All images, so that no test's time depends on who comes first."""
    declared = topology.read(ROOT / "docker-compose.yml", os.environ)
    images.ensure(client, declared.images.values(), ROOT, print)


@pytest.fixture(autouse=True)
def nothing_left(built: None, client: docker.DockerClient) -> Iterator[None]:
    """No container and no network of the lab after any test, and no run in results/."""
    before = set(RESULTS.glob("*"))
    with _no_other_lab():
        pass
    yield
    with _no_other_lab():
        left = cleanup.with_those_beside(client, PROJECT_NAME)
        containers, networks = ([str(each.name) for each in kind] for kind in left)
        cleanup.remove(client, PROJECT_NAME)  # one failure shall not make the next
    for folder in set(RESULTS.glob("*")) - before:
        folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
    if runs := sorted(path.parent.name for path in RESULTS.glob("2*/manifest.json")):
        durable.point(RESULTS / "latest", runs[-1])
    assert (containers, networks) == ([], [])


@contextmanager
def _no_other_lab() -> Iterator[None]:
    """Waits for a lab that somebody runs on this host; what is its own is not taken for a leak."""
    deadline_s = time.monotonic() + OTHER_LAB_S
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(only_lab())
                break
            except LabError:
                assert time.monotonic() < deadline_s, "somebody else's lab does not end"
            time.sleep(1)
        yield


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[..., str]:
    """Writes a scenario: lines to add, or to put into the place of those that begin alike."""

    def write(*changes: str) -> str:
        lines = {line.partition(":")[0]: line for line in QUICK.splitlines()[:6]}
        lines |= {line.partition(":")[0]: line for line in changes}
        path = tmp_path / "tested.yml"
        path.write_text("\n".join([*lines.values(), *QUICK.splitlines()[6:]]) + "\n")
        return str(path)

    return write


@dataclass
class Lab:
    """One `python -m lab` at work."""

    process: subprocess.Popen[str]

    def end(self, within_s: float = 120) -> tuple[int, str]:
        """Exit status, and all that it said."""
        try:
            said, _ = self.process.communicate(timeout=within_s)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGTERM)
            said, _ = self.process.communicate(timeout=60)
            pytest.fail(f"the lab did not end within {within_s} s; it said:\n{said}")
        return self.process.returncode, said

    def press(self, number: int = signal.SIGINT) -> None:
        self.process.send_signal(number)


@pytest.fixture
def lab() -> Iterator[Callable[..., Lab]]:
    """Starts one: `lab("bench", "--model", "epoll")`."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **environment: str) -> Lab:
        process = subprocess.Popen(
            [sys.executable, "-m", "lab", *words],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return Lab(process)

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def reported(said: str) -> Report:
    """The run that the lab says it made."""
    return report.load(folder_of(said))


def folder_of(said: str) -> RunFolder:
    [name] = re.findall(r"^page: results/(\S+)/report.html$", said, re.MULTILINE)
    return RunFolder(RESULTS / name)


def container(client: docker.DockerClient, service: str, within_s: float = 60) -> Container:
    """The running container of a service, as soon as there is one."""
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        for each in cleanup.containers(client, PROJECT_NAME, [service]):
            if each.status == "running":
                return each
        time.sleep(0.05)
    pytest.fail(f"no container of {service} within {within_s} s")


def wait_for_fire(client: docker.DockerClient, within_s: float = 60) -> None:
    """Until the load of the present trial has announced its window."""
    master = container(client, "locust-master", within_s)
    deadline_s = time.monotonic() + within_s
    while b'"window"' not in master.logs():
        assert time.monotonic() < deadline_s, "no window was announced"
        time.sleep(0.05)
