"""Waits for the trials that run beside this one, before its load fires."""

from __future__ import annotations

import signal

import gevent
from gevent.event import Event

from loadgen.locust.announce import announce

STANDBY_S = 120.0  # for the other trials to get so far


def stand_by() -> bool:
    """Whether the lab said in time, by SIGUSR1, that the others are ready as well."""
    told = Event()
    watching = gevent.signal_handler(signal.SIGUSR1, told.set)
    announce("standby")
    try:
        return bool(told.wait(STANDBY_S))
    finally:
        watching.cancel()
