"""The rig of real containers: Compose starts them, the Docker SDK watches them.

Redis and the VM host stay up for the whole run; server and load are fresh in every trial and start
with one call of Compose. Everything is found by its labels, so nothing else is ever touched.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import docker
from docker.errors import DockerException, NotFound
from docker.models.containers import Container
from requests import RequestException

from lab.containers import cleanup, daemon_stats, forwarding, shared_services, steering
from lab.containers.compose import Compose
from lab.containers.docker_events import DockerEvents
from lab.containers.fleet import Fleet
from lab.containers.load_host import WORKER
from lab.containers.own_end import unless_ended
from lab.containers.shared_services import SUPPORT
from lab.errors import LabError
from lab.host import cgroup, cpu_time, tcp
from lab.host.rig import Happening, Role, Said
from lab.host.settle import settle
from lab.plan.variables import MASTER_PORT, Setup, for_trial
from lab.records.events import Done
from lab.records.record import Counters, Link, Receive, ServerEnd, Settling, parse_account
from lab.records.run_folder import RunFolder
from lab.records.step import Trial

LOAD = MASTER, WORKER_HERE = "locust-master", "locust-worker"
FULL_SHARE = 1024  # of a CPU among containers: Docker's own default
SERVER: Role = "server"
ROLES: dict[str, Role] = {  # beside the server's own service
    MASTER: "master",
    WORKER_HERE: "worker",
    WORKER: "worker",
    "redis": "redis",
    "vmhost": "vmhost",
}
TAIL_LINES = 15


class DockerRig:
    """Plays `lab.host.rig.Rig`."""

    def __init__(
        self,
        client: docker.DockerClient,
        compose: Compose,
        setup: Setup,
        folder: RunFolder,
        fleet: Fleet | None = None,
    ) -> None:
        self._client, self._compose, self._setup, self._folder = client, compose, setup, folder
        self._fleet = fleet or Fleet()
        clients = {"this host": client, **self._fleet.clients}
        self._happenings = DockerEvents(clients, compose.project)
        self._broken = False  # the load did not say that it was done
        self._containers: dict[Role, Container] = {}
        self._group: cgroup.Cgroup | None = None
        self._redis: cgroup.Cgroup | None = None
        self._clients: Path | None = None  # /proc/PID/net of the load's namespace
        self._port = 0  # the server's own, inside its container
        self._reference = False

    @property
    def receive(self) -> Receive:
        return self._setup.receive

    @property
    def links(self) -> tuple[Link, ...]:
        return self._fleet.links

    def now_s(self) -> float:
        return time.monotonic()

    def settle(self) -> Settling:
        vmhost = self._containers.get("vmhost")
        cpus = {*self._setup.cpus.server, *self._setup.cpus.load}
        return settle(_pid(vmhost) if vmhost else None, cpus)

    def up(self, trial: Trial) -> None:
        model = self._compose.topology.servers[trial.model]
        self._reference = trial.model in self._compose.topology.references
        variables = for_trial(self._setup, trial, model, self._folder.inside)
        if self._broken:
            self._fleet.check([MASTER_PORT, model.published_port or 0])
        self._broken = True
        shared_services.ensure_up(self._client, self._compose, variables)
        with ThreadPoolExecutor(2) as aside:
            flushed = aside.submit(shared_services.flush_redis, self._client, self._compose.project)
            elsewhere = aside.submit(self._fleet.start, variables)
            here = {} if self._fleet.members else {WORKER_HERE: self._setup.workers}
            self._compose.up([model.service, MASTER, *here], variables, here)
            flushed.result()
            elsewhere.result()
        self._find(model.service)
        if self._fleet.members:  # the load is elsewhere, and the master hears all of it
            self._containers["master"].update(cpu_shares=FULL_SHARE)
        server = self._containers["server"]
        with unless_ended(server):
            if self._setup.path == "forwarded":
                forwarding.forward(self._client, self._compose.project, [model])
            if self._setup.receive == "guest":
                steering.steer(self._client, self._compose, server, self._setup.cpus.server)
        self._port = model.guest_port
        inside = self._setup.path in ("forwarded", "direct")  # else the load is in no `vmhost`
        self._clients = Path(f"/proc/{_pid(self._containers['vmhost'])}/net") if inside else None
        self._group = cgroup.located(_pid(server))
        self._redis = cgroup.located(_pid(self._containers["redis"]))

    def _find(self, server: str) -> None:
        """The trial's containers by their role, as they now are."""
        services = {**ROLES, server: SERVER}
        found = cleanup.containers(self._client, self._compose.project, services)
        found += self._fleet.containers()
        roles = {str(each.id): services[each.labels[cleanup.SERVICE]] for each in found}
        self._containers = {roles[str(each.id)]: each for each in found}
        if missing := set(services.values()) - set(self._containers):
            raise LabError(
                f"containers of the lab went away as they started: {', '.join(sorted(missing))}",
                "see who removes containers on this host",
            )
        self._happenings.expect(roles, self._containers["master"])

    def next_happening(self, until_s: float) -> Happening | None:
        found = self._happenings.next(until_s)
        if isinstance(found, Said) and isinstance(found.event, Done):
            self._broken = False
        return found

    def fire(self) -> None:
        with suppress(DockerException):  # it ended: that will be told
            self._containers["master"].kill("SIGUSR1")

    def stop(self) -> None:
        self._happenings.stop()

    def read_counters(self) -> Counters:
        cpus = cpu_time.of(self._setup.cpus.server)
        group = self._group
        found = cgroup.read(group) if group else daemon_stats.read(self._containers["server"])
        others = {
            "cpus": cpus,
            "syn_retries": tcp.syn_retries(self._clients) if self._clients else None,
            "redis_cpu_s": cgroup.cpu_s(self._redis) if self._redis else None,
        }
        return found.model_copy(update=others)

    def hidden_at(self) -> str | None:
        return tcp.loopback_listener(self._group.network, self._port) if self._group else None

    def end_server(self) -> tuple[ServerEnd, str] | None:
        server = self._containers.get("server")
        if server is None:
            return None
        with suppress(DockerException):  # it ended by itself
            server.kill("SIGTERM")
        try:
            server.wait(timeout=self._setup.drain_s)
        except RequestException:  # it does not drain: its exit code will tell
            server.kill("SIGKILL")
            server.wait()
        server.reload()
        account, missing = parse_account(server.logs(stdout=True, stderr=False).decode())
        end = ServerEnd(
            exit_code=server.attrs["State"]["ExitCode"],
            oom_killed=server.attrs["State"]["OOMKilled"],
            account=account,
            account_missing=missing,
            reference=self._reference,
        )
        return end, server.logs().decode(errors="replace")

    def tail(self, role: Role) -> str:
        with suppress(NotFound):
            if container := self._containers.get(role):
                return container.logs(tail=TAIL_LINES).decode(errors="replace")
        return ""

    def down(self) -> None:
        """Server and load; Redis and the VM host stay for the next trial."""
        ours = cleanup.containers(self._client, self._compose.project)
        cleanup.discard([each for each in ours if each.labels[cleanup.SERVICE] not in SUPPORT])
        self._fleet.discard()
        self._containers = {r: each for r, each in self._containers.items() if r in SUPPORT}

    def close(self) -> None:
        self._happenings.close()


def _pid(container: Container) -> int:
    container.reload()
    return int(container.attrs["State"]["Pid"])
