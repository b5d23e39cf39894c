"""Notices a lost Locust worker at once.

Locust itself notices after four seconds of silence, and then carries on with the others and exits
0. ZeroMQ knows the moment the worker's connection breaks: its monitor is listened to here. Where a
whole host goes, no connection breaks: then its workers say nothing any more.
"""

from __future__ import annotations

from collections.abc import Collection

import gevent
import zmq.green as zmq  # type: ignore[import-not-found,unused-ignore]
from locust.runners import STATE_MISSING, MasterRunner
from zmq.utils.monitor import (  # type: ignore[import-not-found,unused-ignore]
    parse_monitor_message,
)

from loadgen.engine.clock import clock

SILENT_S = 2.5  # a worker says something twice a second
IDENTIFY_S = 1.2  # two signs of life of everyone who lives


class LostError(Exception):
    """A worker was lost, and its users and figures with it; the message says which."""


class Losses:
    """Counts connections from workers that have broken, and hears who still says something."""

    def __init__(self, runner: MasterRunner, workers: int) -> None:
        self._runner, self._workers = runner, workers
        self._heard: dict[str, tuple[str, float]] = {}  # of each node: its name, and when
        self._broken = 0
        self._monitor = runner.server.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        gevent.spawn(self._listen)

    def hear(self, node: str, name: str) -> None:
        self._heard[node] = (name, clock())

    def name(self, node: str) -> str:
        return self._heard.get(node, (node, 0.0))[0]

    def check(self, done: Collection[str]) -> None:
        """LostError where a worker was lost. `done`: nodes that need not say anything any more."""
        now_s = clock()
        silent = [
            (name, now_s - at_s)
            for node, (name, at_s) in self._heard.items()
            if node not in done and now_s - at_s > SILENT_S
        ]
        if silent:
            name, silence_s = max(silent, key=lambda each: each[1])
            raise LostError(f"load {name} has been silent for {silence_s:.1f} s: stopped, or lost")
        alive = [node for node in self._runner.clients.all if node.state != STATE_MISSING]
        if self._broken or len(alive) < self._workers:
            raise LostError(f"load {self._lost()} was lost; its log says why, if it could")

    def _lost(self) -> str:
        """Whose connection broke: the one who says nothing any more while the others do."""
        gevent.sleep(IDENTIFY_S)
        name, _ = min(self._heard.values(), key=lambda each: each[1], default=("worker", 0.0))
        return name

    def _listen(self) -> None:
        while True:
            event = parse_monitor_message(self._monitor.recv_multipart())
            self._broken += event["event"] == zmq.EVENT_DISCONNECTED
