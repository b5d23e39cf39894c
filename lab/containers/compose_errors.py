"""Why Compose could not start something, with the remedy.

Compose has an exit status and prose, no error codes, and the two versions word it differently; the
daemon's own part of the message, by which the causes are told apart here, is the same under both.
A daemon with other words is not understood: then its last line is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lab.containers.daemon import explain
from lab.errors import LabError

_PORT = re.compile(r"(?:127\.0\.0\.1|0\.0\.0\.0):(\d+)")


DAEMON_GONE = ("onnect to the Docker daemon", "DockerException", "Connection aborted")


class ComposeError(LabError):
    """Compose is not there, or could not start a service."""


class PortTakenError(ComposeError):
    """Somebody else listens where a model is to be published."""


CAUSES = (  # what the daemon says, what it means, what to do
    (
        "non-overlapping IPv4 address pool",
        "Docker has no address range left for a network",
        "remove networks that nobody uses: docker network ls, docker network rm NAME",
    ),
    (
        "no space left on device",
        "the disk is full",
        "make room: docker system df shows who uses it",
    ),
    (
        "Requested CPUs are not available",
        "a container is to run on a CPU that this host does not have",
        "run the lab where Docker runs: docker info and nproc must name as many CPUs",
    ),
    (
        "error setting rlimit",
        "the daemon may not grant the open files that the containers ask for",
        "raise its LimitNOFILE to 20000 or more (systemctl edit docker); make doctor shows it",
    ),
    ("uch image", "an image is missing", "run the command again: it builds what is missing"),
    (
        "needs to be built",
        "an image is missing",
        "run the command again: it builds what is missing",
    ),
)


def why(complaint: str, variables: Mapping[str, str]) -> LabError:
    """`complaint` is Compose's standard error, `variables` those of the file as they were set."""
    if "address already in use" in complaint or "port is already allocated" in complaint:
        return _port_taken(complaint, variables)
    if any(sign in complaint for sign in DAEMON_GONE):
        return explain(ConnectionError(complaint))
    if "permission denied" in complaint and "docker.sock" in complaint:
        return explain(PermissionError(complaint))
    for sign, meaning, remedy in CAUSES:
        if sign in complaint:
            return ComposeError(meaning, remedy)
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    told = [line for line in lines if "rror" in line] or lines or ["it said nothing"]
    return ComposeError(f"Compose failed: {told[-1]}", "make doctor looks for what is wrong")


def _port_taken(complaint: str, variables: Mapping[str, str]) -> PortTakenError:
    found = _PORT.search(complaint)
    if not found:
        return PortTakenError("a port of the lab is taken", "see who listens: ss -ltnp")
    port = found[1]
    names = [name for name in variables if variables[name] == port and name.startswith("PORT_")]
    other = f", or use another one: {names[0]}=1{port} make ..." if names else ""
    return PortTakenError(
        f"port {port} of 127.0.0.1 is taken",
        f"see who listens there (ss -ltnp 'sport = :{port}') and stop it{other}",
    )
