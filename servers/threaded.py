"""Threaded: a thread for every connection.

    main thread:  accept() -> pthread_create() -> accept() ...
    other thread: serve the client until it hangs up -> end

The main thread accepts; each thread waits for its own client. Threads are detached
(`_thread.start_new_thread` calls pthread_detach), so nobody joins them: what they held goes back to
the system when they end. Cheaper to begin than a process, and memory is shared; but one interpreter
lock is shared too, so in CPython the threads wait in parallel and compute in turns.
"""

from __future__ import annotations

import _thread
import sys
import threading
from time import sleep

from servers.runtime.blocking.worker import Worker
from servers.runtime.drain import Drain
from servers.runtime.listener import NO_ROOM_PAUSE_S, accept

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.app import Application
    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings

KNOBS = ("max_threads",)
STACK_BYTES = 256 * 1024  # of address space; the default of 8 MiB forbids thousands of threads


def most_workers(settings: Settings) -> int:
    """A row of the meter for each thread that may live at one time."""
    return settings.max_threads


def serve(listener: socket.socket, app: Application, settings: Settings, meter: Meter) -> None:
    """Accept and start threads until told to drain, then wait for those that are left."""
    drain = Drain(listener, settings, meter)
    drain.install()
    room = threading.Semaphore(settings.max_threads)
    threading.stack_size(STACK_BYTES)

    # A thread takes over what an ended one left in its row, the line to Redis above all: one made
    # and closed for each client would fill the host's ports with connections in TIME_WAIT.
    workers: dict[int, Worker] = {}

    def worker_main(client: socket.socket, row: int) -> None:
        try:
            if row not in workers:
                workers[row] = Worker(app, settings, meter.tally(row), drain)
            workers[row].serve_client(client)
        finally:
            meter.give_back(row)
            room.release()

    while (client := accept(listener)) is not None:
        room.acquire()
        row = meter.take_row()
        try:
            _thread.start_new_thread(worker_main, (client, row))
        except RuntimeError as error:  # EAGAIN: the system has no room for one more thread
            print(f"threaded: {error}", file=sys.stderr, flush=True)
            meter.give_back(row)
            room.release()
            client.close()
            sleep(NO_ROOM_PAUSE_S)

    for _ in range(settings.max_threads):
        room.acquire()  # all of the room is free again: the last thread has ended
