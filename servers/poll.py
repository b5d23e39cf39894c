"""Poll: one process, one thread, all clients at once.

    poll(every descriptor) -> call the handler of each that is ready -> poll(every descriptor) ...

One thread accepts and converses; it waits in one place only, and never for one client alone: what
is not ready now is left for a later round. Nobody needs reaping. The kernel keeps nothing between
two calls: each time the whole list of descriptors goes in, and each is looked at. So the price of a
round grows with the number of clients, idle ones too, and there it loses to epoll.
"""

from __future__ import annotations

import select

from servers.runtime.reactor import Reactor

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
    """Serve whoever is ready until told to drain and the last connection is closed."""
    poller = select.poll()
    reactor = Reactor(poller, listener, app, settings, meter)
    handlers = reactor.handlers
    while reactor.alive:
        for descriptor, events in poller.poll(reactor.patience_s() * 1000):  # milliseconds
            handler = handlers.get(descriptor)
            if handler is not None:  # an earlier handler of this round may have closed it
                handler(events)
        reactor.expire()
