"""What must be right on this host before a run begins: ports, images to have, CPUs, settings."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import docker

from lab.containers import ports, steering
from lab.containers.compose import Compose
from lab.containers.debootstrap import Say
from lab.containers.docker_rig import LOAD
from lab.containers.fleet import Fleet
from lab.containers.shared_services import SUPPORT
from lab.errors import LabError
from lab.figure import counted
from lab.host import cpus, machine
from lab.host.cpus import Allotment
from lab.plan import ladder
from lab.plan.choice import Choice
from lab.plan.topology import Image, Topology
from lab.plan.variables import Setup
from lab.records.record import Receive

DRAIN_S = 30.0  # as `stop_grace_period` has it; a server's own grace is far shorter


def ports_free(declared: Topology, choice: Choice) -> None:
    """Before anything is built: Compose would tell only when the model's turn comes.

    Those that load hosts reach are tried when these are looked at.
    """
    if choice.hosts:
        return
    chosen = {name: declared.servers[name] for name in choice.models}
    for found in ports.findings(replace(declared, models=chosen, references={}), frozenset()):
        if found.level == "wrong":
            raise LabError(f"a port of the lab is taken: {found.text}", found.remedy)


def build(compose: Compose, choice: Choice, say: Say) -> None:
    """The image of a server of one's own, where its file says how; Compose has it by its cache."""
    theirs = compose.topology.foreign
    services = {compose.topology.servers[name].service for name in choice.models}
    if theirs and (due := sorted(services & theirs.built)):
        say(f"building by its own Dockerfile: {', '.join(due)}")
        compose.build(due)


def images(declared: Topology, choice: Choice) -> list[Image]:
    """Those that the run's services need."""
    servers = {declared.servers[name].service for name in choice.models}
    return declared.images_of({*LOAD, *SUPPORT, *servers})


def allotment() -> Allotment:
    """The CPUs as this host has them."""
    there = machine.online()
    return cpus.allot(there, machine.siblings(there))


def receive(
    client: docker.DockerClient,
    compose: Compose,
    wanted: Receive | None,
    allotted: Allotment,
    say: Callable[[str], None],
) -> Receive:
    """Whose CPUs will process what the server receives. Images must be there: it is tried.

    Its own, where server and load have CPUs of their own and nobody wants it otherwise.
    """
    if wanted == "sender" or not allotted.disjoint:
        if wanted == "guest":
            say("RECEIVE=guest has no effect on one CPU: the run goes on with RECEIVE=sender")
        return "sender"
    if why := steering.refusal(client, compose, allotted.server):
        say(f"{why}\n  -> {steering.REMEDY}")
        return "sender"
    return "guest"


def crowded(workers: int | None, allotted: Allotment) -> list[str]:
    """Where more workers of the load were asked for than it has CPUs."""
    if (workers or 0) <= len(allotted.load):
        return []
    room = counted(len(allotted.load), "CPU")
    return [f"WORKERS={workers}: the load has {room}; its workers will wait for each other"]


def setup(
    choice: Choice,
    declared: Topology,
    allotted: Allotment,
    receive: Receive,
    fleet: Fleet | None = None,
) -> Setup:
    """What is the same in every trial of a run."""
    elsewhere = sum(each.found.workers for each in fleet.members) if fleet else 0
    chosen = [declared.servers[name] for name in choice.models]
    together = choice.scenario.together
    workers = 1 if together else cpus.workers_for(allotted.load)  # all of them share the CPUs
    return Setup(
        scenario_sha256=choice.source.sha256,
        path=choice.path,
        workers=elsewhere or choice.workers or workers,
        cpus=allotted,
        receive=receive,
        knobs=ladder.matched(choice.scenario, choice.settings, choice.users, chosen),
        owner=(os.getuid(), os.getgid()),
        drain_s=DRAIN_S,
        address=fleet.address if fleet else "",
        together=together,
        ports=_ports(declared) if together else (),
    )


def _ports(declared: Topology) -> tuple[str, ...]:
    """A model under two names would publish its port twice at the same time."""
    return tuple(name for name in declared.variables if name.startswith("PORT_"))
