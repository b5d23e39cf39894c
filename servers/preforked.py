"""Pre-forked: children made before the first client, each an iterative server.

    parent: fork() as many as there are workers -> sigtimedwait(), asleep until one ends
    child:  accept() -> serve the client until it hangs up -> accept() ...

Every child waits in accept() on the same listener; the kernel wakes one of them for a client (an
exclusive wait). Where they wait for readiness instead, it wakes the whole herd (accept_wait.py).
With SO_REUSEPORT each has a listener of its own: the kernel spreads the clients by a hash of their
addresses, and one may wait for a busy child beside an idle one. The parent reaps, and replaces a
child that died, more and more slowly where they die young. A child whose parent died leaves before
its next client. Where more clients stay than there are children, the rest wait in the accept queue.
"""

from __future__ import annotations

import os
import signal
import sys
from time import monotonic, sleep

from servers.runtime.accept_wait import listener_for_worker
from servers.runtime.blocking.worker import Worker
from servers.runtime.children import SIGNALS_HELD, signal_all
from servers.runtime.drain import Drain, GraceOver, shut
from servers.runtime.listener import LOOK_S, accept, listeners_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import NoReturn

    from servers.app import Application
    from servers.runtime.listener import Accepting
    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings

KNOBS = ("workers", "accept_wait", "reuseport")
YOUNG_S = 1.0  # a child that ends before this age did not die of its work
FIRST_DELAY_S, LAST_DELAY_S = 0.1, 5.0


def most_workers(settings: Settings) -> int:
    """A row of the meter for each child; who replaces a dead one goes on in its row."""
    return settings.workers


def serve(listener: socket.socket, app: Application, settings: Settings, meter: Meter) -> None:
    """Fork the workers, then sleep until told to drain, replacing those that die."""
    children: dict[int, tuple[int, float]] = {}  # pid -> its row of the meter, when it was born
    respawn_delay_s = 0.0

    # The listeners of all are the parent's: what waits in the queue of a dead child is not lost.
    listeners = listeners_of(settings, listener)

    def stop() -> None:
        meter.backlog_left += sum(shut(other) for other in listeners[1:])
        signal_all(children, signal.SIGTERM)

    drain = Drain(listener, settings, meter, stop)
    drain.install()
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGCHLD,))
    parent = os.getpid()

    def fork_worker(row: int) -> None:
        with SIGNALS_HELD:
            pid = os.fork()
            if pid != 0:
                children[pid] = (row, monotonic())
        if pid == 0:
            drain.in_child()
            own = listener_for_worker(listeners[row % len(listeners)], settings.accept_wait)
            child_main(own, Worker(app, settings, meter.tally(row), drain), drain, parent)
        meter.forks += 1

    for _ in range(settings.workers):
        fork_worker(meter.take_row())
    try:
        while children:
            pid, status = wait_for_child()
            row, born_s = children.pop(pid)
            if drain.requested:
                continue
            young = monotonic() - born_s < YOUNG_S
            respawn_delay_s = (
                min(LAST_DELAY_S, max(FIRST_DELAY_S, 2 * respawn_delay_s)) if young else 0.0
            )
            exit_code = os.waitstatus_to_exitcode(status)
            print(f"preforked: child {pid} ended ({exit_code}), replaced", file=sys.stderr)
            sleep(respawn_delay_s)
            fork_worker(row)
    except GraceOver:
        signal_all(children, signal.SIGKILL)
        while children:
            children.pop(os.waitpid(-1, 0)[0])


def wait_for_child() -> tuple[int, int]:
    """The pid and status of a child that ended, however long it takes.

    SIGCHLD is held back and taken by sigtimedwait(2); SIGTERM still interrupts that.
    """
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid != 0:
            return pid, status
        signal.sigtimedwait((signal.SIGCHLD,), LOOK_S)


def child_main(listener: Accepting, worker: Worker, drain: Drain, parent: int) -> NoReturn:
    """The life of a child: an iterative server, until the listener is shut or the parent died."""

    def wanted() -> bool:
        return not drain.requested and os.getppid() == parent

    try:
        while wanted() and (client := accept(listener, wanted)) is not None:
            worker.serve_client(client)
    except GraceOver:
        pass
    os._exit(0)
