"""A server for an experiment: a fresh container, up until the experiment is done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from docker.models.containers import Container

from lab.claims.guest import Guest
from lab.containers import cleanup
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.plan.topology import Model


@contextmanager
def served(compose: Compose, model: Model, settings: Mapping[str, str]) -> Iterator[Guest]:
    """The model in a fresh container, until the block ends. Ready where it listens, or has ended:
    a server that cannot listen is evidence too."""
    variables = {f"SERVER_{name.upper()}": value for name, value in settings.items()}
    client = connect()
    cleanup.remove(client, compose.project, [model.service])
    compose.up([model.service], variables)
    [container] = cleanup.containers(client, compose.project, [model.service])
    guest = Guest(container, model, compose, variables)
    try:
        _wait_until_ready(guest, container)
        yield guest
    finally:
        cleanup.remove(client, compose.project, [model.service])


def _wait_until_ready(guest: Guest, container: Container) -> None:
    def listens_or_ended() -> bool:
        container.reload()
        if container.status == "exited":
            return True
        try:
            return bool(guest.listeners())
        except OSError:
            return False

    guest.until(listens_or_ended, "listens")
