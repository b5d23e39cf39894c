"""Iterative: one process, one client at a time.

    accept() -> serve that client until it hangs up -> accept() ...

One thread accepts, serves and waits, so there is nobody to reap. A client that comes while another
is served waits in the kernel's accept queue. As soon as one request waits for anything, all clients
wait, and one client that keeps asking keeps all others out.
"""

from __future__ import annotations

from servers.runtime.blocking.worker import Worker
from servers.runtime.drain import Drain
from servers.runtime.listener import accept

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.app import Application
    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings


def most_workers(_settings: Settings) -> int:
    """The one thread."""
    return 1


def serve(listener: socket.socket, app: Application, settings: Settings, meter: Meter) -> None:
    """Serve clients one after the other until told to drain."""
    drain = Drain(listener, settings, meter)
    drain.install()
    worker = Worker(app, settings, meter.tally(meter.take_row()), drain)
    while (client := accept(listener)) is not None:
        worker.serve_client(client)
