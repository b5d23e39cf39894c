"""Several workers of one container: Locust is imported once, then a process is forked for each.

To start a container for each of 64 workers would take a minute, most of it the same imports.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from contextlib import suppress

import gevent


def forked(count: int, work: Callable[[], int]) -> int:
    """`work` in each of `count` processes; 0 where it was 0 in all. A signal is passed on."""
    children = []
    gc.collect()
    gc.freeze()  # or the first collection of each child would write to, and so copy, all of it
    for _ in range(count):
        pid = gevent.fork()
        if pid == 0:
            return work()
        children.append(pid)

    def pass_on(number: int, _frame: object) -> None:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    ends = [os.waitpid(child, 0)[1] for child in children]
    return int(any(ends))
