"""Notices a lost Locust worker at once.

Locust itself notices after four seconds of silence, and then carries on with the others and exits
0. ZeroMQ knows the moment the worker's connection breaks: its monitor is listened to here.
"""

from __future__ import annotations

from typing import Any

import gevent
import zmq.green as zmq  # type: ignore[import-not-found,unused-ignore]
from zmq.utils.monitor import (  # type: ignore[import-not-found,unused-ignore]
    parse_monitor_message,
)


class Losses:
    """Counts connections from workers that have broken since `watch`."""

    def __init__(self, socket: Any) -> None:
        self.count = 0
        self._monitor = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._listening = gevent.spawn(self._listen)

    def stop(self) -> None:
        self._listening.kill()

    def _listen(self) -> None:
        while True:
            event = parse_monitor_message(self._monitor.recv_multipart())
            self.count += event["event"] == zmq.EVENT_DISCONNECTED
