"""Pre-threaded: threads made before the first client, each an iterative server.

    main thread: pthread_create() as many as there are workers -> pthread_join()
    worker:      lock -> accept() -> unlock -> serve the client -> lock ...

Whoever holds the accept mutex waits in accept(), the others wait for the mutex: one thread wakes
for a client. Without the mutex the kernel does the choosing: it wakes one of many in a blocking
accept(), but all of those that wait for readiness (accept_wait.py). Nothing is created or reaped
per client. Where more clients stay connected than there are threads, the rest wait in the accept
queue.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext

from servers.runtime.accept_wait import listener_for_worker
from servers.runtime.blocking.worker import Worker
from servers.runtime.drain import Drain
from servers.runtime.listener import LOOK_S, accept

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.app import Application
    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings

KNOBS = ("workers", "accept_mutex", "accept_wait")


def most_workers(settings: Settings) -> int:
    """A row of the meter for each thread."""
    return settings.workers


def serve(listener: socket.socket, app: Application, settings: Settings, meter: Meter) -> None:
    """Start the workers, then sleep until they end, told to drain."""
    drain = Drain(listener, settings, meter)
    drain.install()
    accept_turn = threading.Lock() if settings.accept_mutex else nullcontext()

    def worker_main(worker: Worker) -> None:
        own = listener_for_worker(listener, settings.accept_wait)
        while True:
            with accept_turn:
                client = accept(own)
            if client is None:
                return
            worker.serve_client(client)  # this thread belongs to one client until it hangs up

    threads = [
        threading.Thread(
            target=worker_main,
            args=(Worker(app, settings, meter.tally(meter.take_row()), drain),),
            daemon=True,  # a thread still busy when the grace is over does not keep the process
        )
        for _ in range(settings.workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(LOOK_S)
