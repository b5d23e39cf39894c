"""The ports of 127.0.0.1 where servers are published: free, or somebody else's."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from lab.host.host_checks import Finding
from lab.plan import topology
from lab.plan.topology import Topology


def findings(declared: Topology, held: frozenset[int]) -> Iterator[Finding]:
    """`held`: those that containers of the lab itself publish now."""
    taken = False
    for model in declared.servers.values():
        port = model.published_port
        if port is not None and port not in held and not _free(port):
            taken = True
            yield Finding(
                "ports",
                "wrong",
                f"{port} of 127.0.0.1, where {model.name} is published, is taken",
                f"see who listens (ss -ltnp 'sport = :{port}'), or choose another: "
                f"{topology.port_variable(model.name)}=1{port} make ...",
            )
    if not taken:
        numbers = [str(each.published_port) for each in declared.servers.values()]
        yield Finding("ports", "ok", f"{', '.join(numbers)} of 127.0.0.1 are free or ours")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
