"""What the host is, as the page shows it."""

from __future__ import annotations

import docker

from lab.host import machine
from lab.host.cpus import Allotment


def facts(client: docker.DockerClient, allotted: Allotment) -> dict[str, str]:
    """Name -> text, in the page's order."""
    engine = client.version()
    host = machine.describe(None, str(client.info().get("Driver")))
    where = f"server on {allotted.server[0]}, client on {allotted.load[0]}"
    return {
        "CPU": f"{host.cpu_model}, {host.cpus} online",
        "pinned to": where if allotted.disjoint else "one CPU for both: there is no other",
        "kernel": host.kernel,
        "Docker": f"{engine['Version']}, {host.storage_driver}",
    }
