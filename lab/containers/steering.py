"""Receive packet steering: a guest's own CPU processes the packets that the guest receives.

Between two containers of one host the kernel runs the receiver's network stack on the CPU of the
sender, so the load's CPU would do most of the server's work on fresh connections and be full first.
A virtual machine, or any real host, takes its packets with its own CPU; so does a steered guest.

The one-shot service `steer` (images/vmhost) writes the mask inside the guest's network namespace.
A daemon may refuse it the capabilities (rootless Docker does): `refusal` asks beforehand.
"""

from __future__ import annotations

from collections.abc import Collection

import docker
from docker.models.containers import Container

from lab.containers import cleanup
from lab.containers.compose import Compose
from lab.errors import LabError

SERVICE = "steer"
IMAGE = "serverlab-vmhost"
WITHIN_S = 20
REMEDY = (
    "the run goes on with RECEIVE=sender, where the load's CPU pays for what the server receives;"
    " rootful Docker allows it"
)
_GROUP = 32  # bits between two commas of a mask


def mask(cpus: Collection[int]) -> str:
    """As the kernel writes sets of CPUs: hexadecimal, a comma between groups of 32 bits."""
    bits = sum(1 << cpu for cpu in set(cpus))
    groups = [f"{bits & 0xFFFFFFFF:08x}"]
    while bits := bits >> _GROUP:
        groups.append(f"{bits & 0xFFFFFFFF:08x}")
    return ",".join(reversed(groups)).lstrip("0") or "0"


def refusal(client: docker.DockerClient, compose: Compose, cpus: Collection[int]) -> str | None:
    """Why this host cannot steer, tried in a namespace without a network; None where it can."""
    try:
        _run(client, compose, "none", cpus)
    except LabError as error:
        return error.message
    finally:
        cleanup.remove(client, compose.project, [SERVICE])
        if not cleanup.containers(client, compose.project):
            cleanup.remove(client, compose.project)  # the network that Compose made beside it
    return None


def steer(
    client: docker.DockerClient, compose: Compose, guest: Container, cpus: Collection[int]
) -> None:
    """LabError where it was refused."""
    _run(client, compose, f"container:{guest.id}", cpus)


def _run(
    client: docker.DockerClient, compose: Compose, network: str, cpus: Collection[int]
) -> None:
    compose.up([SERVICE], {"STEERED": network, "STEERED_CPUS": mask(cpus)})
    for ran in cleanup.containers(client, compose.project, [SERVICE]):
        if ran.wait(timeout=WITHIN_S)["StatusCode"] != 0:
            said = ran.logs().decode(errors="replace").strip().removeprefix("steer: ")
            raise LabError(f"packets cannot be steered to the guest's CPU: {said}", REMEDY)
