"""A server of one's own (`WITH=path/to/compose.yml`): a service of one's own Compose file that
carries the label `lab.reference`.

It becomes a service of the lab: on the lab's network and CPU, published on loopback alone, with the
guests' limits and hardening (`x-guest` of our file) wherever the file does not say otherwise. Paths
are made absolute and variables are put in, so that Compose takes the result as a second file and a
manifest can keep it. All mistakes of the file are told at once, each with its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from lab.errors import LabError, MisuseError
from lab.plan import foreign_keys, topology
from lab.plan.foreign_values import ForeignFile
from lab.plan.topology import FILE, Foreign, Topology
from lab.records import files

LABEL = "lab.reference"
REMEDY = "docs/references.md shows a whole example"
HARMLESS = {"version", "name", "services", "networks", "volumes"}  # at the top of a file
NOT_FOR_A_SERVER = {"image", "build", "networks"}  # of x-guest
# Whatever PyYAML raises for a text: some of its constructors let Python's own errors through.
UNREADABLE = (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RuntimeError)


def read(root: Path, name: str, environment: Mapping[str, str]) -> Topology:
    """What the lab's own file declares, and where one is named, a file of one's own."""
    declared = topology.read(root / FILE, environment)
    return join(declared, name, root, environment) if name else declared


def join(declared: Topology, name: str, root: Path, environment: Mapping[str, str]) -> Topology:
    """The lab's own file and the one of that name. MisuseError with every mistake of the latter."""
    path = Path(name)
    try:
        written = files.text(path)
    except LabError as error:
        raise MisuseError([f"WITH: {error.message}"], REMEDY) from error
    try:
        content = yaml.safe_load(written)
    except UNREADABLE as error:
        why = " ".join(str(error).split())
        raise MisuseError([f"WITH: {name} is no YAML that can be read: {why}"], REMEDY) from error
    ours = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))
    file = ForeignFile(name, path.resolve().parent, environment)
    defaults = {key: ours["x-guest"][key] for key in ours["x-guest"].keys() - NOT_FOR_A_SERVER}
    services = dict(_services(content, defaults, file))
    _place(services, declared, set(ours["services"]), file)
    if not file.mistakes:
        for service, body in services.items():
            _readable(service, body, file)
    if file.mistakes:
        raise MisuseError(file.mistakes, REMEDY)
    return again(declared, yaml.safe_dump({"services": services}), environment)


def again(declared: Topology, text: str | None, environment: Mapping[str, str]) -> Topology:
    """As `join` made it for an earlier run, whose manifest kept the text."""
    if not text:
        return declared
    theirs = topology.parse(text, environment)
    built = {s for image in theirs.images.values() if image.dockerfile for s in image.services}
    return replace(
        declared,
        references={**declared.references, **theirs.references},
        images={
            **declared.images,
            **{tag: replace(image, dockerfile=None) for tag, image in theirs.images.items()},
        },
        variables={**theirs.variables, **declared.variables},
        foreign=Foreign(text, tuple(theirs.references), frozenset(built)),
    )


def _services(
    content: object, defaults: Mapping[str, Any], file: ForeignFile
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those with the label, as far as each can be taken."""
    services = content.get("services") if isinstance(content, dict) else None
    if not isinstance(services, dict):
        file.mistake("services", "is missing: name a service and give it the label lab.reference")
        return
    for key in content if isinstance(content, dict) else ():
        if key not in HARMLESS and not str(key).startswith("x-"):
            file.mistake(str(key), "is not taken at the top of the file")
    found = False
    for name, body in services.items():
        if not isinstance(body, dict) or LABEL not in str(body.get("labels")):
            continue
        found = True
        try:
            yield str(name), foreign_keys.taken(str(name), body, defaults, file)
        except UNREADABLE as error:
            file.mistake(f"services.{name}", f"is not written as Compose has it: {error}")
    if not found and not file.mistakes:
        file.mistake("services", f"has none with the label {LABEL}: give it to your server")


def _readable(service: str, body: dict[str, Any], file: ForeignFile) -> None:
    """Of each on its own, so that the mistake has its key."""
    try:
        topology.parse(yaml.safe_dump({"services": {service: body}}), file.environment)
    except UNREADABLE as error:
        file.mistake(f"services.{service}", f"is not written as Compose has it: {error}")


def _place(
    services: Mapping[str, dict[str, Any]], declared: Topology, ours: set[str], file: ForeignFile
) -> None:
    """Names and ports beside those of the lab; a port is assigned where none was chosen."""
    names, ports = set(declared.servers), {each.port for each in declared.servers.values()}
    for service, body in services.items():
        labels, at = body["labels"], f"services.{service}"
        if service in ours:
            file.mistake(at, "is the name of a service of the lab: choose another")
        if labels[LABEL] in names:
            file.mistake(f"{at}.labels.{LABEL}", f"there is a server {labels[LABEL]!r} already")
        free = next(port for port in foreign_keys.PORTS if port not in ports)
        port = int(labels.setdefault("lab.port", str(free)))
        if port in ports:
            file.mistake(f"{at}.labels.lab.port", f"{port} is another server's: leave it out")
        names.add(labels[LABEL])
        ports.add(port)
        variable = topology.port_variable(labels[LABEL])
        at = f"${{GUEST_ADDRESS:-127.0.0.1}}:${{{variable}:-{port}}}"
        body["ports"] = [f"{at}:{body.pop('listens_on')}"]
