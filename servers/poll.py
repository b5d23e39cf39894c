"""Poll: one process, one thread, all clients at once.

    poll(every descriptor) -> call the handler of each that is ready -> poll(every descriptor) ...

One thread accepts and serves; it waits in one place only, and never for one client alone: what is
not ready now is left for a later turn. Nobody needs reaping. The kernel keeps nothing between two
calls: each time the whole list of descriptors goes in, and each is looked at. So the price of a
turn grows with the number of clients, idle ones too.
"""

from __future__ import annotations

import select

from servers.runtime.eventloop.acceptor import Acceptor
from servers.runtime.eventloop.loop import Loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.app import Application
    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings

KNOBS = ("max_connections",)


def most_workers(_settings: Settings) -> int:
    """The one thread."""
    return 1


def serve(listener: socket.socket, app: Application, settings: Settings, meter: Meter) -> None:
    """Serve whoever is ready until told to drain and the last connection is closed."""
    poller = select.poll()  # the interest list is this object's, in our own memory
    loop = Loop(poller)
    acceptor = Acceptor(loop, listener, app, settings, meter)
    acceptor.start()
    handlers = loop.handlers
    while acceptor.alive:
        # The whole list goes in, and the kernel looks at each of its descriptors.
        ready = poller.poll(loop.timeout_s() * 1000)  # milliseconds
        loop.look()
        for descriptor, events in ready:
            handler = handlers.get(descriptor)
            if handler is not None:  # an earlier handler of this turn may have closed it
                handler(events)
        loop.run_due()
