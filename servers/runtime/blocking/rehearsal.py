"""A few conversations held before the first client comes, so that no child has to learn anything.

CPython rewrites the code that it runs often into faster code (PEP 659). A child that lives for one
request would do that anew, and each page that it writes to is first copied from the parent's (copy
on write). Rehearsed in the parent, the hot path is rewritten once, and a fifth of the page faults
of a child are gone. The answers go to a socket pair of our own and are counted nowhere.
"""

from __future__ import annotations

import socket

from servers.runtime.blocking.worker import Worker
from servers.runtime.meter import Meter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.app import Application
    from servers.runtime.drain import Drain
    from servers.runtime.settings import Settings

TIMES = 32  # more than a function must run before it is rewritten
REQUEST = b"GET /615b.html HTTP/1.1\r\nHost: rehearsal\r\nConnection: close\r\n\r\n"


def rehearse(app: Application, settings: Settings, drain: Drain) -> None:
    """Serve a static file to ourselves, as a child will serve it."""
    uncounted = Meter(settings.model, 1)
    worker = Worker(app, settings, uncounted.tally(uncounted.take_row()), drain)
    for _ in range(TIMES):
        client, audience = socket.socketpair()
        with audience:
            audience.sendall(REQUEST)
            worker.serve_client(client)
