"""Wakes the loop at an instant, to some tens of microseconds: a timerfd on the loop.

gevent's own timers have a grain of a millisecond (libev hands epoll_wait whole milliseconds), ten
times what lies between two arrivals at 10,000 a second. timerfd_create(2) came to Python's `os`
only with 3.13; hence ctypes.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import Any

import gevent

CLOCK_MONOTONIC = 1
NONBLOCK_CLOEXEC = os.O_NONBLOCK | os.O_CLOEXEC  # TFD_NONBLOCK and TFD_CLOEXEC are the same bits
ABSTIME = 1
READ = 1  # gevent's (libev's) event


class _Times(ctypes.Structure):  # struct itimerspec: interval, then value
    _fields_ = (
        ("interval_s", ctypes.c_long),
        ("interval_ns", ctypes.c_long),
        ("value_s", ctypes.c_long),
        ("value_ns", ctypes.c_long),
    )


_libc = ctypes.CDLL(None, use_errno=True)


class Timer:
    """Calls back from the loop at the instant last set; an instant in the past is now."""

    __slots__ = ("_callback", "_fd", "_set", "_times", "_watcher")

    def __init__(self, callback: Callable[[], None]) -> None:
        """Raises OSError where the process has no descriptor left."""
        self._callback = callback
        self._times = _Times()
        self._set = False
        self._fd = _libc.timerfd_create(CLOCK_MONOTONIC, NONBLOCK_CLOEXEC)
        if self._fd < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
        self._watcher: Any = gevent.get_hub().loop.io(self._fd, READ)
        self._watcher.start(self._ring)

    def at(self, instant_s: float) -> None:
        """Set anew; what was set before is forgotten."""
        times = self._times
        seconds = int(instant_s)
        times.value_s = seconds
        times.value_ns = int((instant_s - seconds) * 1e9) or 1  # all zero would disarm
        self._set = True
        _libc.timerfd_settime(self._fd, ABSTIME, ctypes.byref(times), None)

    def stop(self) -> None:
        """Never rings again."""
        self._watcher.stop()
        self._watcher.close()
        os.close(self._fd)

    def _ring(self) -> None:
        self._set = False
        self._callback()
        # Setting it anew made the descriptor unreadable; otherwise reading does.
        if not self._set and self._watcher.active:
            os.read(self._fd, 8)
