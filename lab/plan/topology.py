"""What `docker-compose.yml` declares: models, their knobs and ports, images, variables.

The file is the only place that knows them: a service with the label `lab.model` is a model, one
with `lab.reference` is somebody else's server to hold them against, a key SERVER_<KNOB> of its
environment whose value interpolates that variable is a knob it takes, and a `build` section makes
an image. A new model, or a foreign server, is one more service there.

Only the interpolation that the file uses is understood (`${NAME}`, `${NAME:-default}`); Compose
itself reads the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lab.errors import LabError, MisuseError
from lab.plan.sizes import limit_bytes, size_bytes
from lab.plan.words import port
from lab.records import files

FILE = "docker-compose.yml"
KNOB = "SERVER_"
SHAPE = (AttributeError, LookupError, TypeError, ValueError)  # a file of another shape raises these
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


@dataclass(frozen=True)
class Model:
    """A server under test. `port` is its own inside `vmhost`, `published_port` on the host."""

    name: str
    service: str
    image: str
    port: int
    published_port: int | None
    guest_port: int
    knobs: Mapping[str, str]  # `idle_timeout` -> its default
    memory_bytes: int | None = None  # limits of its container, where the file sets any
    pids_limit: int | None = None
    somaxconn: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)  # a variant's own


@dataclass(frozen=True)
class Image:
    """An image of the file. `dockerfile` is relative to the root; None: it can only be pulled."""

    tag: str
    dockerfile: str | None
    services: frozenset[str]


@dataclass(frozen=True)
class Foreign:
    """A server of one's own (`lab/plan/foreign.py`)."""

    text: str  # Compose's second file
    names: tuple[str, ...]  # of its references
    built: frozenset[str] = frozenset()  # services whose image Compose builds


@dataclass(frozen=True)
class Topology:
    """The whole file, in its own order."""

    models: Mapping[str, Model]
    images: Mapping[str, Image]
    variables: Mapping[str, str]  # every variable that the file names -> its default
    # Somebody else's servers: they run where they are named and give no account.
    references: Mapping[str, Model] = field(default_factory=dict)
    foreign: Foreign | None = None  # some of these, from a file of one's own

    @property
    def servers(self) -> Mapping[str, Model]:
        """Whatever can be put under load."""
        return {**self.models, **self.references}

    def images_of(self, services: set[str]) -> list[Image]:
        """The images that these services run."""
        return [image for image in self.images.values() if image.services & services]


def port_variable(server: str) -> str:
    """Which variable changes the port that a server is published at."""
    return f"PORT_{server.upper().replace('-', '_')}"


def read(file: Path, environment: Mapping[str, str]) -> Topology:
    """Raises LabError where the file is missing or is not what it should be."""
    text = files.text(file, f"compare it with the one in git: git diff {file.name}")
    try:
        return parse(text, environment)
    except (yaml.YAMLError, RecursionError, *SHAPE) as error:
        raise LabError(
            f"{file.name} is not a Compose file that the lab can read: {error}",
            f"compare it with the one in git: git diff {file.name}",
        ) from error


def parse(text: str, environment: Mapping[str, str]) -> Topology:
    """`environment` decides about the host's own alone, ports and memory; all else is default."""
    services: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    # Comments of the file may show the syntax of variables: only what YAML sees of it counts.
    named = _VARIABLE.finditer(yaml.safe_dump(services, width=10**6))
    variables = {found["name"]: found["default"] or "" for found in named}
    shown = {**variables, **environment}
    if mistakes := _of_the_host(services, environment):
        raise MisuseError(mistakes, "nothing was started")
    models, references = (
        _servers(services, label, shown) for label in ("lab.model", "lab.reference")
    )
    users: dict[str, set[str]] = {}
    for service, body in services.items():
        users.setdefault(body["image"], set()).add(service)
    builds = {body["image"]: body.get("build") for body in services.values()}
    images = {
        tag: Image(tag, build["dockerfile"] if build else None, frozenset(users[tag]))
        for tag, build in builds.items()
    }
    return Topology(models, images, variables, references)


def _of_the_host(
    services: Mapping[str, dict[str, Any]], environment: Mapping[str, str]
) -> list[str]:
    """What is wrong with the caller's variables for ports and memory, a line each."""
    mistakes: dict[str, None] = {}
    for body in services.values():
        for key, read in (("ports", port), ("mem_limit", limit_bytes)):
            for found in _VARIABLE.finditer(str(body.get(key))):
                name = found["name"]
                try:
                    if value := environment.get(name):
                        read(value)
                except ValueError as error:
                    mistakes[f"{name}: {error}"] = None
    return list(mistakes)


def _servers(
    services: Mapping[str, dict[str, Any]], label: str, values: Mapping[str, str]
) -> dict[str, Model]:
    found = {}
    for service, body in services.items():
        labels = body.get("labels", {})
        if label in labels:
            published, guest_port = _ports(body.get("ports", []), values)
            found[str(labels[label])] = Model(
                name=str(labels[label]),
                service=service,
                image=body["image"],
                port=int(labels["lab.port"]),
                published_port=published,
                guest_port=guest_port,
                knobs=_knobs(body.get("environment", {})),
                memory_bytes=_bytes(interpolate(str(body.get("mem_limit", "")), values)),
                pids_limit=_whole(body.get("pids_limit")),
                somaxconn=_whole(body.get("sysctls", {}).get("net.core.somaxconn")),
            )
    return found


def interpolate(text: str, values: Mapping[str, str]) -> str:
    """An empty value counts as none, as Compose has it for `:-`."""
    return _VARIABLE.sub(lambda found: values.get(found["name"]) or found["default"] or "", text)


def _knobs(environment: Mapping[str, str]) -> dict[str, str]:
    knobs = {}
    for key, value in environment.items():
        found = _VARIABLE.fullmatch(str(value))
        if key.startswith(KNOB) and found and found["name"] == key:
            knobs[key.removeprefix(KNOB).lower()] = found["default"] or ""
    return knobs


def _ports(ports: list[str], values: Mapping[str, str]) -> tuple[int | None, int]:
    """127.0.0.1:8007:8000 -> (8007, 8000). A model that publishes nothing listens on 8000."""
    if not ports:
        return None, 8000
    _, published, guest = interpolate(ports[0], values).split(":")
    return int(published), int(guest)


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))


def _bytes(size: str) -> int | None:
    """None where there is no limit. ValueError where it is no size."""
    return size_bytes(size) if size else None
