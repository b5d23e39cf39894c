"""What does a thread leave behind when it has ended?

    python -m experiments.programs.ended_threads KIND COUNT

KIND: `unjoined`, `joined` or `detached` threads of pthread_create(), `python` ones, or `living`
ones that do not end. They are created one after the other, each when the one before has ended. A
thread's routine is a function of libc itself, so that it needs nothing of Python.
"""

from __future__ import annotations

import _thread
import ctypes
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None)
ENDS = ctypes.cast(LIBC.getpid, ctypes.c_void_p)
STAYS = ctypes.cast(LIBC.pause, ctypes.c_void_p)


def create(routine: ctypes.c_void_p) -> ctypes.c_ulong:
    thread = ctypes.c_ulong()
    failure = LIBC.pthread_create(ctypes.byref(thread), None, routine, None)
    if failure:
        raise OSError(failure, os.strerror(failure))
    return thread


def join(thread: ctypes.c_ulong) -> None:
    LIBC.pthread_join(thread, None)


def detach(thread: ctypes.c_ulong) -> None:
    LIBC.pthread_detach(thread)


KINDS: dict[str, Callable[[], object]] = {
    "living": lambda: create(STAYS),
    "unjoined": lambda: create(ENDS),
    "joined": lambda: join(create(ENDS)),
    "detached": lambda: detach(create(ENDS)),
    "python": lambda: _thread.start_new_thread(os.getpid, ()),
}


def status(name: str) -> int:
    """A number of /proc/self/status."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def left(kind: str, count: int) -> dict[str, int]:
    """After `count` threads, and one before them that brings what stays for all."""
    start = KINDS[kind]
    if kind == "living":
        join(create(ENDS))
    else:
        start()
    alone()
    before = status("VmSize")
    for _ in range(count):
        start()
        if kind != "living":
            alone()
    return {"tasks": status("Threads") - 1, "address_bytes": (status("VmSize") - before) * 1024}


def alone() -> None:
    """Until the main thread is the only task."""
    until_s = time.monotonic() + 5
    while status("Threads") > 1 and time.monotonic() < until_s:
        time.sleep(0)


if __name__ == "__main__":
    print(json.dumps(left(sys.argv[1], int(sys.argv[2]))), flush=True)
    os._exit(0)  # threads that live would keep an ordinary exit waiting
