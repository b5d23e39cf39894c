"""Iterative: one process, one client at a time.

    accept() -> converse with that client until it hangs up -> accept() ...

One thread accepts, converses and waits, so there is nobody to reap. The kernel's backlog is the
queue: a client that comes while another is served waits in it. It loses as soon as a request waits
for anything: all that wait behind it wait as well.
"""

from __future__ import annotations

from servers.runtime.drain import Drain
from servers.runtime.listener import accept
from servers.runtime.worker import Worker

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
    drain = Drain(listener, settings.grace, meter)
    worker = Worker(app, settings, meter.tally(meter.take_row()), drain)
    while (client := accept(listener)) is not None:
        worker.converse(client)
