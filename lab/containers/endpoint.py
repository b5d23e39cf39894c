"""A Docker daemon by the name that a person gave it: a context, or an address.

What comes out are the variables by which Docker's own tools find it, so that Compose and the SDK go
the same way. A host behind ssh:// is reached by `ssh` itself, with the person's own configuration
and keys: its daemon's socket is forwarded to one of this host for as long as it is needed.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import docker

from lab.containers.daemon import FAULTS, DaemonError, connect, explain
from lab.errors import LabError
from lab.plan.load_hosts import HERE

SOCKET = "/var/run/docker.sock"  # of a daemon behind ssh
PATIENCE_S = 10  # of one question to a daemon: one that is gone must be known soon
TUNNEL_S = 20.0
LOOK_EVERY_S = 0.05
# It must ask nobody, notice within seconds that the other side is gone, and end with the lab: `cat`
# over there ends when its input does.
SSH = (
    *("ssh", "-T", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes"),
    *("-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=3", "-o", "ServerAliveCountMax=3"),
)


@contextmanager
def reached(name: str, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment for Docker's tools. LabError where there is no such context, or no ssh."""
    found = {**environment, **variables(name)}
    address = found.get("DOCKER_HOST", "")
    if not address.startswith("ssh://"):
        yield found
        return
    with _forwarded(name, address) as socket:
        yield {**found, "DOCKER_HOST": f"unix://{socket}"}


def client(name: str, environment: Mapping[str, str]) -> docker.DockerClient:
    """One that has had an answer. LabError, with the host's name, where there was none."""
    with named(name):
        return connect(environment, PATIENCE_S)


@contextmanager
def named(name: str) -> Iterator[None]:
    """A fault of this daemon is told with the host's name, as a LabError."""
    try:
        yield
    except DaemonError as error:
        raise _lost(name, error) from error
    except LabError as error:
        if name in error.message:
            raise
        raise LabError(f"load host {name}: {error.message}", error.remedy) from error
    except (*FAULTS, OSError) as error:
        raise _lost(name, explain(error)) from error


def _lost(name: str, error: DaemonError) -> LabError:
    """The daemon does not answer. The remedy of `error` is for this host: of no use there."""
    return LabError(f"load host {name}: {error.message}", "make doctor HOSTS=... looks at it")


def variables(name: str) -> dict[str, str]:
    """DOCKER_HOST, and what TLS needs; nothing for this host's own daemon."""
    if name == HERE:
        return {}
    if "://" in name:
        return {"DOCKER_HOST": name}
    context = _context(name)
    found = {"DOCKER_HOST": str(context["Endpoints"]["docker"]["Host"])}
    if "docker" in context["TLSMaterial"]:
        found["DOCKER_CERT_PATH"] = str(Path(context["Storage"]["TLSPath"], "docker"))
        found["DOCKER_TLS_VERIFY"] = "1"
    return found


def _context(name: str) -> dict[str, Any]:
    """By Docker's own command: the SDK finds none where nobody ever logged in to a registry."""
    words = ["docker", "context", "inspect", name]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        raise LabError(
            f"HOSTS: {name} would be a Docker context, and there is no docker command",
            "apt-get install docker.io, or name the host by its address: ssh://me@b",
        ) from error
    if done.returncode != 0:
        raise LabError(f"HOSTS: Docker knows no context {name!r}", "docker context ls shows them")
    [found] = json.loads(done.stdout)
    return dict(found)


def host(name: str) -> str | None:
    """The other host's name or address in the network; None where the name does not tell."""
    address = urlsplit(variables(name).get("DOCKER_HOST", ""))
    if address.scheme == "ssh":
        return _ssh_hostname(address.netloc)
    return address.hostname if address.scheme in ("tcp", "https", "http") else None


def _ssh_hostname(target: str) -> str:
    """A name may be one of the person's own ~/.ssh/config."""
    words = ["ssh", "-G", *_destination(target)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    for line in done.stdout.splitlines():
        key, _, value = line.partition(" ")
        if key == "hostname":
            return value
    return target


def _destination(target: str) -> list[str]:
    """`me@b:22` as words for ssh."""
    at, colon, port = target.rpartition(":")
    return ["-p", port, at] if colon else [target]


@contextmanager
def _forwarded(name: str, address: str) -> Iterator[Path]:
    with TemporaryDirectory(prefix="serverlab-") as folder:
        socket = Path(folder, "docker.sock")
        words = [*SSH, "-L", f"{socket}:{SOCKET}", *_destination(urlsplit(address).netloc), "cat"]
        try:
            ssh = subprocess.Popen(  # noqa: S603 - words of this file, and a host that was checked
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,  # a terminal's Ctrl-C is for the lab alone
            )
        except OSError as error:
            raise LabError(
                f"load host {name}: there is no ssh: {error.strerror}",
                "apt-get install openssh-client",
            ) from error
        with ssh:
            try:
                _await(ssh, socket, name)
                yield socket
            finally:
                ssh.terminate()


def _await(ssh: subprocess.Popen[str], socket: Path, name: str) -> None:
    until_s = time.monotonic() + TUNNEL_S
    while not socket.exists():
        if ssh.poll() is None and time.monotonic() < until_s:
            time.sleep(LOOK_EVERY_S)
            continue
        ssh.kill()
        said = (ssh.communicate()[1] or "no answer in time").strip().splitlines()[-1]
        raise LabError(
            f"load host {name}: ssh: {said.removeprefix('ssh: ')}",
            f"it must work without a question: ssh {name.removeprefix('ssh://')} docker version",
        )
