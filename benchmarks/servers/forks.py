"""Where the time of the forking model goes: page faults and CPU of a fork, from getrusage(2).

    docker run --rm --entrypoint python3 -v "$PWD/benchmarks:/srv/lab/benchmarks:ro" \\
        --cpuset-cpus 0 serverlab-guest -E -s -m benchmarks.servers.forks

Prints a line each for a child that does nothing and one that serves the file of 615 bytes, forked
from a parent that has everything loaded, and from one that has rehearsed as well. Counts of faults
repeat to a few; times are this host's, at this moment.
"""

from __future__ import annotations

import gc
import os
import resource
import socket
from collections.abc import Callable

from servers.app import Application
from servers.runtime.blocking.rehearsal import REQUEST, rehearse
from servers.runtime.blocking.worker import Worker
from servers.runtime.clock import date_line
from servers.runtime.drain import Drain
from servers.runtime.meter import Meter
from servers.runtime.settings import Settings

FORKS = 500


def fork_and_wait(life: Callable[[socket.socket], object]) -> None:
    """One child, from fork to reaping; its client is a socket pair with the request in it."""
    client, audience = socket.socketpair()
    with client, audience:
        audience.sendall(REQUEST)
        date_line()
        pid = os.fork()
        if pid == 0:
            life(client)
            os._exit(0)
        os.waitpid(pid, 0)


def measure(name: str, life: Callable[[socket.socket], object]) -> None:
    """Print faults and CPU of parent and child, per fork."""
    both = (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    before = [resource.getrusage(who) for who in both]
    for _ in range(FORKS):
        fork_and_wait(life)
    after = [resource.getrusage(who) for who in both]
    parts = []
    for who, begin, end in zip(("child", "parent"), before, after, strict=True):
        cpu_s = end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime
        faults = (end.ru_minflt - begin.ru_minflt) / FORKS
        parts.append(f"{who} {faults:.0f} faults, {cpu_s / FORKS * 1e6:.0f} us")
    print(f"{name}: {'; '.join(parts)}")


def main() -> None:
    settings = Settings("forking", {"bind": "127.0.0.1", "port": "0"})
    app = Application("forking", os.path.join("servers", "site"))
    meter = Meter("forking", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        drain = Drain(listener, settings, meter)
        drain.install()
        worker = Worker(app, settings, meter.tally(meter.take_row()), drain)
        gc.collect()
        gc.freeze()
        measure("does nothing", lambda _client: None)
        measure("serves", worker.serve_client)
        rehearse(app, settings, drain)
        measure("serves, rehearsed", worker.serve_client)


if __name__ == "__main__":
    main()
