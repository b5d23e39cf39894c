"""Ctrl-C and SIGTERM: the first one stops the run where it is, later ones wait for the clearing up.

The first signal raises `Interrupted` in the main thread, once and never again; so whoever clears up
after it cannot be disturbed, however often a person presses the keys. What was being cleared up
when the first one came is simply cleared up again.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from lab.errors import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def heeded(clear_up: Callable[[], None]) -> Iterator[None]:
    """Runs `clear_up` when the block is left, by whatever way, and lets nothing interrupt it."""
    heard: list[int] = []

    def hear(signum: int, _frame: FrameType | None) -> None:
        heard.append(signum)
        if len(heard) == 1:
            _say("clearing up")
            raise Interrupted(signum)
        _say("clearing up, a moment")

    before = {number: signal.signal(number, hear) for number in SIGNALS}
    try:
        try:
            yield
        finally:
            clear_up()
    except Interrupted:
        clear_up()
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(text: str) -> None:
    """Past Python's buffers: the signal may have come in the middle of a print."""
    os.write(2, f"\n{text}\n".encode())
