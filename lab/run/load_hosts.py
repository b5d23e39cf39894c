"""Load from other hosts: reached, looked at, given the image of the load, and counted out workers.

All of it before the first trial, so that what is wrong with a host is told before anything is
measured. How: docs/scaling.md.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import docker

from lab.containers import endpoint, load_host
from lab.containers.compose import Compose
from lab.containers.fleet import Fleet, Member, survey
from lab.containers.load_host import LoadHost
from lab.errors import MISUSED, LabError, MisuseError
from lab.host import cpus, machine
from lab.plan.choice import Choice
from lab.plan.load_hosts import AskedHost, too_many
from lab.plan.topology import Topology
from lab.plan.variables import MASTER_PORT
from lab.records import manifest
from lab.records.ceiling import LOAD_IMAGE
from lab.report.load_hosts import in_words
from lab.run import hosts_in_use
from loadgen.formats.survey import Survey

BOOT = "proc/sys/kernel/random/boot_id"  # random(4): one for all containers of a kernel
NAME_IT = "name one of this host's that they reach: ADDRESS=192.0.2.1 (ip -4 address shows them)"


def address(asked: Sequence[AskedHost], wanted: str | None) -> str:
    """Of this host, where they reach it: the one named, or by the route to each of them."""
    if wanted:
        return wanted
    routes = {each.name: _route(each.name) for each in asked}
    found = {at for at in routes.values() if at is not None}
    if len(found) != 1:
        told = ", ".join(f"{name} by {at or 'none'}" for name, at in routes.items())
        raise LabError(
            f"ADDRESS: the routes to the load hosts do not tell one address of this host: {told}",
            NAME_IT,
            MISUSED,
        )
    return found.pop()


def _route(name: str) -> str | None:
    """The source address that the kernel would take towards the host. Nothing is sent."""
    host = endpoint.host(name)
    if host is None:
        return None
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((host, MASTER_PORT))
            at = str(probe.getsockname()[0])
    except OSError:
        return None
    return None if at.startswith("127.") else at


@contextmanager
def opened(asked: Sequence[AskedHost], compose: Compose) -> Iterator[list[LoadHost]]:
    """As long as the block lasts. LabError, with its name, for the first that does not answer."""
    with ExitStack() as stack:
        yield [stack.enter_context(load_host.opened(each.name, compose)) for each in asked]


def prepare(
    choice: Choice,
    hosts: Sequence[LoadHost],
    ours: docker.DockerClient,
    declared: Topology,
    say: Callable[[str], None],
) -> Fleet:
    """None of it where the choice has no hosts. The image of the load must be here.

    LabError where a host cannot take part.
    """
    if not hosts:
        return Fleet()
    at = address(choice.hosts, choice.address)
    servers = [declared.servers[name] for name in choice.models]
    ports = list(dict.fromkeys([MASTER_PORT, *(each.published_port or 0 for each in servers)]))
    say(
        f"open while a trial lasts, to all who reach {at}: ports {', '.join(map(str, ports))}"
        " of that address; use it in a network that you trust"
    )
    image, architecture = ours.images.get(LOAD_IMAGE), ours.info()["Architecture"]
    hosts_in_use.note(host.name for host in hosts)
    members = []
    for asked, host in zip(choice.hosts, hosts, strict=True):
        with endpoint.named(host.name):
            told = host.client.info()
        if told["Architecture"] != architecture:
            raise LabError(
                f"load host {host.name}: its CPUs are {told['Architecture']}; the image of the load"
                f" is made for {architecture}",
                "name hosts of one architecture",
            )
        host.bring_image(image, say)
        members.append(_member(asked, host, told, survey(host, at, ports)))
        say(f"load host {host.name}: {in_words(members[-1].found)}")
    counted = [AskedHost(each.found.name, each.found.workers) for each in members]
    if crowd := too_many(counted, choice.users):
        raise MisuseError(crowd, "name more USERS, or fewer workers: HOSTS=b:1")
    return Fleet(tuple(members), at, choice.source.text)


def _member(asked: AskedHost, host: LoadHost, told: Mapping[str, object], found: Survey) -> Member:
    """Workers where nobody chose: as on this host. On this machine they keep off the server."""
    same = found.boot == machine.read(BOOT)
    there = machine.online()
    theirs = cpus.allot(there, machine.siblings(there)).load if same else tuple(range(found.cpus))
    record = manifest.LoadHost(
        name=host.name,
        docker=str(told["ServerVersion"]),
        kernel=str(told["KernelVersion"]),
        architecture=str(told["Architecture"]),
        cpus=found.cpus,
        workers=asked.workers or cpus.workers_for(theirs),
        same_kernel=same,
        rtt_us=found.rtt_us,
        bytes_per_s=found.bytes_per_s,
    )
    return Member(host, theirs, record)
