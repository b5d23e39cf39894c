"""A server under an experiment: asked from outside, and looked at through the kernel.

Clients connect to the container's own address, without a proxy between, so that what they are told
(refused, reset, no answer) is the server's kernel's word.
"""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from docker.errors import DockerException
from docker.models.containers import Container

from lab.claims import processes
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.containers.tracing import following
from lab.errors import LabError
from lab.host import cgroup, tcp
from lab.host.rig import UnreadableError
from lab.plan.topology import Model
from lab.records.record import Account, Counters, parse_account

PATIENCE_S = 10.0
LOOK_S = 0.02


@dataclass(frozen=True)
class Answer:
    """`took_s`: from the connect to the last byte."""

    status: int
    body: bytes
    took_s: float


class Guest:
    """A model's container. `pid`: of its first process, as this host sees it."""

    def __init__(
        self,
        container: Container,
        model: Model,
        compose: Compose,
        variables: Mapping[str, str],
    ) -> None:
        self._container, self._model = container, model
        self._compose, self._variables = compose, variables
        container.reload()
        self.pid = int(container.attrs["State"]["Pid"])
        self.address = (_address(container), model.guest_port)
        self._group = cgroup.located(self.pid)

    # What a client does

    def connect(self, timeout_s: float = PATIENCE_S) -> socket.socket:
        """OSError as the kernel has it."""
        return socket.create_connection(self.address, timeout_s)

    def ask(self, path: str = "/615b.html", timeout_s: float = PATIENCE_S) -> Answer:
        """One request on a connection of its own. OSError where there is no whole answer."""
        began_s = time.monotonic()
        client = http.client.HTTPConnection(*self.address, timeout=timeout_s)
        try:
            client.request("GET", path, headers={"Connection": "close"})
            answer = client.getresponse()
            body = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(repr(error)) from error
        finally:
            client.close()
        return Answer(answer.status, body, time.monotonic() - began_s)

    def run_inside(self, *words: str) -> str:
        """What a command in its container prints."""
        said = self._container.exec_run(list(words)).output
        return cast("bytes", said).decode(errors="replace").strip()

    def answers(self, within_s: float) -> bool:
        """Whether one request on a connection of its own gets a 200."""
        try:
            return self.ask(timeout_s=within_s).status == 200
        except OSError:
            return False

    @property
    def published_port(self) -> int | None:
        """On this host's loopback; Docker's proxy accepts there, whatever the server does."""
        return self._model.published_port

    # What the kernel shows

    def main(self) -> processes.Task | None:
        return processes.task(self.pid)

    def children(self) -> list[processes.Task]:
        return processes.children(self.pid)

    def threads(self) -> list[processes.Task]:
        """Of its first process, the main thread too."""
        return processes.threads(self.pid)

    def status(self) -> dict[str, str]:
        """Of its first process, as in proc(5): VmSize in kB, SigIgn as a mask ..."""
        return processes.status(self.pid)

    def sockets(self) -> list[processes.Socket]:
        return processes.sockets(self.pid)

    def listeners(self) -> list[processes.Socket]:
        """At its own port: Docker's resolver listens in there too."""
        port = self.address[1]
        return [
            each for each in self.sockets() if (each.state, each.local_port) == ("LISTEN", port)
        ]

    def accept_queue(self) -> int:
        """Clients whose connection is complete and whom nobody has accepted yet."""
        return sum(each.receive_queue for each in self.listeners())

    def proxy(self) -> processes.Task | None:
        """Docker's process between the published port and the server; None where it has none."""
        port = str(self._model.published_port)
        return processes.running("docker-proxy", "-host-ip", "127.0.0.1", "-host-port", port)

    def tcp_counters(self) -> dict[str, int]:
        """TcpExt of the guest's own network namespace (ListenOverflows, ListenDrops ...)."""
        return tcp.extended(Path(f"/proc/{self.pid}/net"))

    def counters(self) -> Counters:
        """CPU, memory, switches of all its tasks: from its cgroup."""
        if self._group is None:
            raise LabError("the server's counters cannot be read", self.log())
        try:
            return cgroup.read(self._group)
        except UnreadableError as error:
            raise LabError(f"the server's counters cannot be read: {error}", self.log()) from error

    def until(self, seen: Callable[[], bool], what: str, within_s: float = PATIENCE_S) -> None:
        """LabError where `seen` stays false."""
        until_s = time.monotonic() + within_s
        while not seen():
            if time.monotonic() > until_s:
                raise LabError(f"{self._model.name}: {what}: not so within {within_s:.0f} s")
            time.sleep(LOOK_S)

    @contextmanager
    def traced(self) -> Iterator[list[str]]:
        """Its system calls in the meantime, by strace: lines, there when the block has ended."""
        lines: list[str] = []
        with following(connect(), self._compose, self._model.service, self._variables) as trace:
            yield lines
        lines += trace.text.splitlines()

    # Its end

    def signal(self, name: str) -> None:
        """To its first process; nothing where it has ended."""
        with suppress(DockerException):
            self._container.kill(name)

    def stop(self) -> None:
        """SIGSTOP, and until its first process is stopped. It goes on by SIGCONT."""
        self.signal("SIGSTOP")
        self.until(lambda: getattr(self.main(), "state", "") == "T", "stopped")

    def exit_code(self, within_s: float = PATIENCE_S) -> int | None:
        """None where it still runs then."""
        until_s = time.monotonic() + within_s
        while time.monotonic() < until_s:
            self._container.reload()
            if self._container.status == "exited":
                return int(self._container.attrs["State"]["ExitCode"])
            time.sleep(LOOK_S)
        return None

    def log(self) -> str:
        return self._container.logs().decode(errors="replace")

    def account(self) -> Account | None:
        """What it says of itself as it ends: to hold against what was seen."""
        return parse_account(self._container.logs(stdout=True, stderr=False).decode())[0]


def _address(container: Container) -> str:
    """Of the container whose network it shares, where it shares one."""
    kind, _, owner = str(container.attrs["HostConfig"]["NetworkMode"]).partition(":")
    if kind == "container":
        container = connect().containers.get(owner)
    networks = container.attrs["NetworkSettings"]["Networks"].values()
    return next(str(each["IPAddress"]) for each in networks)
