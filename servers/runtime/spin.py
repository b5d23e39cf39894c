"""The effect Spin: burn the processor for a while, as a handler that computes would."""

from __future__ import annotations

from time import thread_time


def spin(seconds: float) -> None:
    """Burn `seconds` of CPU time of this thread: on a crowded CPU that takes longer by the wall."""
    until_s = thread_time() + seconds
    while thread_time() < until_s:
        pass
