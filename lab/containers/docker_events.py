"""Streams of the Docker daemons, followed by threads into one queue: what the rig listens to.

A daemon's events tell of every end of a container of the project; where the load comes from other
hosts, theirs are listened to as well. The master's log tells what
the load does; its end is told after its last line, so that a word said just before it is heard.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import docker
from docker.errors import DockerException
from docker.models.containers import Container

from lab.containers.cleanup import LABEL, PROJECT_LABEL
from lab.containers.daemon import FAULTS
from lab.host.rig import Exited, Happening, Role, Said, StoppedError
from lab.records.events import parse_event

GONE = (*FAULTS, OSError, ValueError, AttributeError)
# ValueError and AttributeError: the stream was closed under the hands of whoever reads it.


class DockerEvents:
    """Of one project, from its making to `close`."""

    def __init__(self, clients: Mapping[str, docker.DockerClient], project: str) -> None:
        """`clients`: by the name of their host, as a person knows it."""
        self._queue: queue.SimpleQueue[Said | tuple[str, int] | str | StoppedError] = (
            queue.SimpleQueue()
        )
        self._roles: Mapping[str, Role] = {}
        self._closing = False
        filters = {
            "event": "die",
            "type": "container",
            "label": [LABEL, f"{PROJECT_LABEL}={project}"],
        }
        self._streams = {
            name: client.events(decode=True, filters=filters) for name, client in clients.items()
        }
        for name in self._streams:
            self._spawn(partial(self._follow_events, name))

    def expect(self, roles: Mapping[str, Role], master: Container) -> None:
        """From now on these containers (by id) count; the ends of others are let pass."""
        self._roles = roles
        self._spawn(lambda: self._follow_log(master))

    def next(self, until_s: float) -> Happening | None:
        """None when CLOCK_MONOTONIC has reached `until_s`. DockerException: the daemon is gone.
        StoppedError: after `stop`."""
        while True:
            try:
                found = self._queue.get(timeout=max(0.0, until_s - time.monotonic()))
            except queue.Empty:
                return None
            if isinstance(found, StoppedError):
                self._queue.put(found)  # for whoever asks again
                raise found
            if isinstance(found, str):
                raise DockerException(
                    f"the Docker daemon of {found} ended the stream of its events"
                )
            if isinstance(found, Said):
                return found
            container, exit_code = found
            if container in self._roles:
                return Exited(self._roles[container], exit_code)

    def stop(self) -> None:
        """From another thread: whoever waits for a happening leaves by StoppedError."""
        self._queue.put(StoppedError())

    def close(self) -> None:
        self._closing = True
        for stream in self._streams.values():
            with suppress(*GONE):
                stream.close()

    def _spawn(self, follow: Callable[[], None]) -> None:
        threading.Thread(target=follow, daemon=True).start()

    def _follow_events(self, name: str) -> None:
        with suppress(*GONE):
            for event in self._streams[name]:
                self._heed(event)
        if not self._closing:
            self._queue.put(name)

    def _heed(self, event: Mapping[str, Any]) -> None:
        actor = event["Actor"]
        if actor["Attributes"].get("com.docker.compose.service") != "locust-master":
            self._queue.put((actor["ID"], int(actor["Attributes"]["exitCode"])))

    def _follow_log(self, master: Container) -> None:
        with suppress(*GONE):  # removed while we read: the trial is over
            heard = 0
            for line in lines(master.logs(stream=True, follow=True, stdout=True, stderr=False)):
                self._hear(line)
                heard += 1
            # Daemons are known to end the stream of a container that ends before its last lines.
            whole = master.logs(stdout=True, stderr=False).decode(errors="replace")
            for line in whole.splitlines()[heard:]:
                self._hear(line)
            self._queue.put((str(master.id), int(master.wait()["StatusCode"])))

    def _hear(self, line: str) -> None:
        event = parse_event(line)
        if event is not None:
            self._queue.put(Said(event))


def lines(chunks: Iterator[bytes]) -> Iterator[str]:
    """Whole lines, however the daemon cut them up."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")
    if rest:
        yield rest.decode(errors="replace")
