"""Epoll: one process, one thread, all clients at once, and the kernel remembers them.

    epoll_ctl(add | modify) once per change of interest
    epoll_wait() -> call the handler of each that is ready -> epoll_wait() ...

As poll, but the list of descriptors lives in the kernel: a turn costs as much as there are ready
descriptors, however many others are idle. Where a handler computes, everybody waits for the one
thread. A fresh connection is read at once: if its request came with it, it is answered, and perhaps
closed, before epoll ever knows of it.

Level-triggered, what is left unread is reported again. Edge-triggered (EPOLLET), only what arrives
anew is: so a handler is called again, a piece in each turn, until it has met EAGAIN.
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

KNOBS = ("max_connections", "trigger")
READY_AT_ONCE = 512  # most events fetched by one epoll_wait()


def most_workers(_settings: Settings) -> int:
    """The one thread."""
    return 1


def serve(listener: socket.socket, app: Application, settings: Settings, meter: Meter) -> None:
    """Serve whoever is ready until told to drain and the last connection is closed."""
    poller = select.epoll()  # the interest list is the kernel's: each change is an epoll_ctl(2)
    edge = settings.trigger == "edge"
    loop = Loop(poller, select.EPOLLET if edge else 0)
    acceptor = Acceptor(loop, listener, app, settings, meter)
    acceptor.start()
    handlers = loop.handlers

    unread: set[int] = set()  # edge: descriptors whose handler has not met EAGAIN yet

    def go_on() -> None:
        for descriptor in tuple(unread):
            handler = handlers.get(descriptor)
            if handler is None or not handler(select.EPOLLIN):
                unread.remove(descriptor)
        if unread:
            loop.next_turn(go_on)

    while acceptor.alive:
        # Nothing goes in but the time: the kernel has kept the list, and who became ready.
        ready = poller.poll(loop.timeout_s(), READY_AT_ONCE)
        loop.look()
        for descriptor, events in ready:
            handler = handlers.get(descriptor)
            if handler is None:
                continue  # an earlier handler of this turn has closed it
            more = handler(events)
            if edge and more:
                if not unread:
                    loop.next_turn(go_on)
                unread.add(descriptor)
        loop.run_due()
