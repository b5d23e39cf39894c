"""Looks whether the lab can run here, and says the remedy for what stands in the way.

Every check yields findings and none raises: one thing wrong does not hide the next. `wrong` means
that a run would fail, `warning` that its figures would be poorer or need a second look. It only
reads: nothing is built or pulled, and nothing started but a container of a third of a second, which
tries whether a guest can be made to receive with its own CPU.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import docker
from docker.errors import APIError, ImageNotFound

from lab.commands import load_host_checks, measured_checks
from lab.containers import base_image, cleanup, compose, daemon, debootstrap, ports, steering
from lab.containers.compose import Compose
from lab.errors import LabError
from lab.host import host_checks, machine, only_one
from lab.host.host_checks import Finding
from lab.plan import topology
from lab.records.ceiling import LOAD_IMAGE
from lab.records.manifest import Host

SLOW_DRIVERS = ("vfs", "fuse-overlayfs")
DISK_BYTES = 5 * 10**9


def examine(
    root: Path, project: str, environment: Mapping[str, str], hosts: str = "", address: str = ""
) -> Iterator[Finding]:
    """Findings as they are made, in the order in which a person would mend them.

    `hosts`, `address`: as `make bench` takes them.
    """
    yield from host_checks.findings(Path("/"))
    yield _compose()
    try:
        declared = topology.read(root / topology.FILE, environment)
    except LabError as error:
        declared = None
        yield Finding("compose file", "wrong", error.message, error.remedy)
    try:
        client = daemon.connect()
    except LabError as error:
        yield Finding("docker", "wrong", error.message, error.remedy)
        if declared:
            yield from ports.findings(declared, held=frozenset())
        return
    with closing(client):
        yield from _docker(client)
        yield from measured_checks.findings(root / "results", _host(client), _image(client))
        names = [str(each.name) for each in cleanup.containers(client, project)]
        yield from remains(names, only_one.running())
        if declared and not only_one.running():
            yield receiving(client, Compose(root, project, declared, environment))
        if declared:
            yield from ports.findings(declared, _held(client))
        if declared and hosts and not only_one.running():
            theirs = Compose(root, project, declared, environment)
            yield from load_host_checks.findings(hosts, address, client, theirs)


def status(findings: Iterable[Finding]) -> int:
    """The exit status: 1 where something is wrong, 0 for warnings alone."""
    return int(any(each.level == "wrong" for each in findings))


def remains(containers: Sequence[str], running: str | None) -> Iterator[Finding]:
    """Of the lab that is `running`, or of an earlier one."""
    if running:
        remedy = "leave it and its containers alone: nothing else can be measured until it is done"
        yield Finding("running", "warning", f"a lab, {running}", remedy)
    elif containers:
        text = f"left over, no lab is running: {', '.join(containers)}"
        yield Finding("containers", "warning", text, "make down")


def receiving(client: docker.DockerClient, project: Compose) -> Finding:
    """Whether a guest's own CPU can process what the guest receives."""
    try:
        client.images.get(steering.IMAGE)
    except ImageNotFound:
        return Finding("receive", "ok", "will be tried once the images are built")
    if why := steering.refusal(client, project, machine.online()[-1:]):
        return Finding("receive", "warning", why, steering.REMEDY)
    return Finding("receive", "ok", "a guest's own CPU can process what the guest receives")


def _compose() -> Finding:
    try:
        return Finding("compose", "ok", f"{' '.join(compose.command())} {compose.version()}")
    except LabError as error:
        return Finding("compose", "wrong", error.message, error.remedy)


def _docker(client: docker.DockerClient) -> Iterator[Finding]:
    told = client.info()
    server, api = told["ServerVersion"], client.version()["ApiVersion"]
    yield Finding("docker", "ok", f"Engine {server}, API {api}, cgroup {_cgroup(told)}")
    driver = told["Driver"]
    slow = " (slow; what is served comes from memory)" if driver in SLOW_DRIVERS else ""
    yield Finding("storage", "ok", f"{driver}{slow}")
    folder = Path(told["DockerRootDir"])
    if folder.is_dir():
        free = shutil.disk_usage(folder).free
        text = f"{free / 1e9:.0f} GB free for Docker"
        few = free < DISK_BYTES
        yield Finding(
            "disk",
            "warning" if few else "ok",
            text,
            "docker system df shows who uses it" if few else "",
        )
    yield _base(client)


def _host(client: docker.DockerClient) -> Host:
    told = client.info()
    return machine.describe(told.get("CgroupVersion"), told.get("Driver"))


def _image(client: docker.DockerClient) -> str:
    """The digest of the load's; nothing where it was not built yet."""
    try:
        return str(client.images.get(LOAD_IMAGE).id)
    except ImageNotFound:
        return ""


def _cgroup(told: Mapping[str, object]) -> str:
    return f"v{told.get('CgroupVersion', '1')} ({told.get('CgroupDriver', '?')})"


def _base(client: docker.DockerClient) -> Finding:
    try:
        client.images.get(base_image.BASE)
    except ImageNotFound:
        error = debootstrap.obstacle()
        if error is None:
            return Finding("base image", "ok", f"{base_image.BASE}: will be pulled, or made here")
        text = f"{base_image.BASE} has to be pulled; it cannot be made here"
        remedy = f"where no registry is in reach: {error.remedy}"
        return Finding("base image", "warning", text, remedy)
    return Finding("base image", "ok", f"{base_image.BASE} is here")


def _held(client: docker.DockerClient) -> frozenset[int]:
    try:
        ours = client.containers.list(filters={"label": cleanup.LABEL})
    except APIError:
        return frozenset()
    bindings = [each for container in ours for each in container.ports.values() if each]
    return frozenset(int(one["HostPort"]) for each in bindings for one in each)
