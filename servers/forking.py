"""Forking: a child for every connection.

    parent: accept() -> fork() -> close its copy of the client -> accept() ...
    child:  close its copy of the listener -> serve the client -> _exit(0)

The parent accepts; each child waits for its own client; the kernel tells the parent of a child's
end by SIGCHLD, and until the parent has waited for it the child stays a zombie. Signals coalesce:
one SIGCHLD may stand for many children, so the handler reaps in a loop until none is left. The
setting `reap` has the other ways, and what each leaves behind. Where a client asks once and leaves,
fork() costs more than the answer.
"""

from __future__ import annotations

import os
import signal
import sys
from time import sleep

from servers.runtime.blocking.rehearsal import rehearse
from servers.runtime.blocking.worker import Worker
from servers.runtime.children import ChildRows
from servers.runtime.clock import date_line
from servers.runtime.drain import Drain, GraceOver
from servers.runtime.listener import NO_ROOM_PAUSE_S, accept
from servers.runtime.redis_protocol import locate

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from typing import NoReturn

    from servers.app import Application
    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings

KNOBS = ("max_children", "reap")
FULL_PAUSE_S = 0.01  # how long to look away when no more children are allowed


def most_workers(settings: Settings) -> int:
    """A row of the meter for each child that may live at one time."""
    return settings.max_children


def serve(listener: socket.socket, app: Application, settings: Settings, meter: Meter) -> None:
    """Accept and fork until told to drain, then wait for the children that are left."""
    children = ChildRows(meter, kernel_reaps=settings.reap == "ignore")

    def reap_one(options: int) -> bool:
        try:
            pid, _status = os.waitpid(-1, options)
        except ChildProcessError:  # ECHILD: none is left
            return False
        if pid != 0:
            children.ended(pid)
        return pid != 0  # 0, by WNOHANG: those that are left live on

    def reap_all(options: int) -> None:
        while reap_one(options):
            pass

    drain = Drain(listener, settings, meter, lambda: children.signal(signal.SIGTERM))
    drain.install()
    rehearse(app, settings, drain)
    locate(*settings.redis)  # looked up once here rather than by every child that needs it
    # Python calls a handler between two steps of the main thread and then repeats the system call
    # that was interrupted (PEP 475): accept() goes on, as with SA_RESTART in C.
    on_sigchld: dict[str, Callable[..., object] | signal.Handlers] = {
        "loop": lambda *_: reap_all(os.WNOHANG),
        "once": lambda *_: reap_one(os.WNOHANG),  # wrong: of two that ended at once, one stays
        "never": signal.SIG_DFL,  # wrong: the default is to do nothing, and all stay zombies
        "ignore": signal.SIG_IGN,  # Linux reaps, and nobody learns what a child used
    }
    signal.signal(signal.SIGCHLD, on_sigchld[settings.reap])
    meter.children_reaped = settings.reap != "ignore"

    try:
        while (client := accept(listener)) is not None:
            while len(children) >= settings.max_children and not children.forget_reaped():
                sleep(FULL_PAUSE_S)
            row = meter.take_row()
            date_line()  # made once a second here rather than in every child
            try:
                pid = os.fork()
            except OSError as error:  # EAGAIN, ENOMEM: no room for one more process
                print(f"forking: fork: {error.strerror}", file=sys.stderr, flush=True)
                meter.give_back(row)
                client.close()
                sleep(NO_ROOM_PAUSE_S)
                continue
            if pid == 0:
                listener.close()
                drain.in_child()
                child_main(Worker(app, settings, meter.tally(row), drain), client)
            meter.forks += 1
            client.close()
            children.begun(pid, row)
        children.signal(signal.SIGTERM)  # also the one that was just being born
        reap_all(0)
    except GraceOver:
        children.signal(signal.SIGKILL)
        reap_all(0)


def child_main(worker: Worker, client: socket.socket) -> NoReturn:
    """The life of a child. It leaves by _exit: the interpreter's own end is the parent's to do."""
    try:
        worker.serve_client(client)
    except GraceOver:
        pass
    os._exit(0)
