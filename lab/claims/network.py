"""A network namespace that stays as servers in it come and go, as on a host.

A container's namespace ends with the container, and its sockets with it: a server started anew
would meet nothing of the one before. So the server (the service `restarted`) joins the namespace of
`vmhost`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from lab.claims import processes
from lab.claims.guest import Guest
from lab.claims.serving import served
from lab.containers import cleanup
from lab.containers.compose import Compose
from lab.containers.daemon import connect

HOLDER = "vmhost"
SERVER = "restarted"
MODEL = "epoll"  # which of the models it is


@dataclass(frozen=True)
class Network:
    """`pid`: of a process that is in it for as long as it lasts."""

    compose: Compose
    pid: int

    def serve(self, **settings: str) -> AbstractContextManager[Guest]:
        """As `Laboratory.serve`, in this namespace. One server at a time."""
        model = replace(self.compose.topology.servers[MODEL], service=SERVER)
        return served(self.compose, model, settings)

    def sockets(self) -> list[processes.Socket]:
        """Those that a server left behind as well."""
        return processes.sockets(self.pid)


@contextmanager
def held(compose: Compose) -> Iterator[Network]:
    """Until the block ends."""
    client = connect()
    compose.up([HOLDER])
    [container] = cleanup.containers(client, compose.project, [HOLDER])
    container.reload()
    try:
        yield Network(compose, int(container.attrs["State"]["Pid"]))
    finally:
        cleanup.remove(client, compose.project, [HOLDER])
