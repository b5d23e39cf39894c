"""The Docker daemon: reached, or what to do about it.

The `docker` package reports a missing socket, a refused one and one without permission by the same
exception; which it was decides about the remedy, so the reason is dug out here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import docker
from docker.errors import DockerException
from requests import RequestException
from urllib3.exceptions import HTTPError

from lab.errors import LabError

TIMEOUT_S = 60
SIGNS_OF_ABSENCE = ("FileNotFoundError", "ConnectionRefused", "onnect to the Docker daemon")


# What the `docker` package raises when the daemon goes away; the last two come from its streams.
FAULTS = (DockerException, RequestException, HTTPError, ConnectionResetError)


class DaemonError(LabError):
    """Docker is not there, or not for us."""


def connect(
    environment: Mapping[str, str] | None = None, timeout_s: int = TIMEOUT_S
) -> docker.DockerClient:
    """A client that has had an answer. Raises DaemonError.

    `environment`: whose DOCKER_* variables say which daemon; this process's own where None.
    """
    try:
        client = docker.from_env(environment=environment, timeout=timeout_s)
        client.ping()
    except DockerException as error:
        raise explain(error) from error
    except OSError as error:  # requests' own errors are OSErrors: a daemon that answers no more
        raise explain(error) from error
    return client


@contextmanager
def explained() -> Iterator[None]:
    """Whatever goes wrong with the daemon in the block is a DaemonError."""
    try:
        yield
    except FAULTS as error:
        raise explain(error) from error


def explain(error: Exception) -> DaemonError:
    """The same failure with its remedy."""
    said = str(error).strip() or type(error).__name__
    if "PermissionError" in said or "permission denied" in said.lower():
        return DaemonError(
            "Docker is here, but this user may not use it (permission denied on its socket)",
            "sudo usermod -aG docker $USER, then log in again; or run make as root",
        )
    if any(sign in said for sign in SIGNS_OF_ABSENCE):
        return DaemonError(
            "the Docker daemon is not running",
            "start it (sudo systemctl start docker), or install it: apt-get install docker.io",
        )
    return DaemonError(
        f"the Docker daemon does not answer: {said.splitlines()[-1]}",
        "see docker info, and DOCKER_HOST if it is set",
    )
