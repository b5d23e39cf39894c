"""What must be right on this host before a run begins: ports, images to have, CPUs, settings."""

from __future__ import annotations

import os
from dataclasses import replace

from lab import cpus, doctor, ladder, machine
from lab.choice import Choice
from lab.docker_rig import LOAD
from lab.errors import LabError
from lab.support import SUPPORT
from lab.topology import Image, Topology
from lab.variables import Setup

DRAIN_S = 30.0  # as `stop_grace_period` has it; a server's own grace is far shorter


def ports_free(declared: Topology, choice: Choice) -> None:
    """Before anything is built: Compose would tell only when the model's turn comes."""
    chosen = {name: declared.servers[name] for name in choice.models}
    for found in doctor.ports(replace(declared, models=chosen, references={}), frozenset()):
        if found.level == "wrong":
            raise LabError(f"a port of the lab is taken: {found.text}", found.remedy)


def images(declared: Topology, choice: Choice) -> list[Image]:
    """Those that the run's services need."""
    servers = {declared.servers[name].service for name in choice.models}
    return declared.images_of({*LOAD, *SUPPORT, *servers})


def setup(choice: Choice, declared: Topology) -> Setup:
    """The CPUs as this host has them."""
    there = machine.online()
    allotted = cpus.allot(there, machine.siblings(there))
    chosen = [declared.servers[name] for name in choice.models]
    return Setup(
        scenario_sha256=choice.source.sha256,
        path=choice.path,
        workers=choice.workers or cpus.workers_for(allotted.load),
        cpus=allotted,
        knobs=ladder.matched(choice.scenario, choice.users, chosen),
        owner=(os.getuid(), os.getgid()),
        drain_s=DRAIN_S,
    )
