"""`make doctor HOSTS=`: whether these hosts can take part in a run, each looked at on its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import docker

from lab.containers import endpoint, images
from lab.containers.compose import Compose
from lab.containers.fleet import survey
from lab.containers.load_host import LoadHost, opened
from lab.errors import LabError
from lab.host.host_checks import Finding
from lab.plan import load_hosts
from lab.plan.load_hosts import AskedHost
from lab.plan.variables import MASTER_PORT
from lab.records.ceiling import LOAD_IMAGE
from lab.run import hosts_in_use
from lab.run.load_hosts import address

SECONDS = 19  # of a time as Docker writes it, to the second


def findings(
    hosts: str,
    wanted: str,
    client: docker.DockerClient,
    compose: Compose,
) -> Iterator[Finding]:
    """`wanted`: the address of this host that they are to reach, if one was named."""
    mistakes: list[str] = []
    asked = load_hosts.read(hosts, mistakes)
    named = load_hosts.address(wanted, mistakes)
    for mistake in mistakes:
        yield Finding("load hosts", "wrong", mistake, "as in HOSTS=ssh://me@b,a-context:4")
    if mistakes:
        return
    try:
        at = address(asked, named)
        yield Finding("load hosts", "ok", f"they are to reach {at}")
    except LabError as error:
        at = None
        yield Finding("load hosts", "wrong", error.message, error.remedy)
    for each in asked:
        try:
            yield from _host(each, at, client, compose)
        except LabError as error:
            yield Finding(each.name, "wrong", error.message, error.remedy)
    hosts_in_use.clear(compose.project, lambda _: None)


def _host(
    asked: AskedHost, at: str | None, ours: docker.DockerClient, compose: Compose
) -> Iterator[Finding]:
    with opened(asked.name, compose) as host:
        with endpoint.named(asked.name):
            told = host.client.info()
        docker_there, cpus = told["ServerVersion"], told["NCPU"]
        yield Finding(
            asked.name, "ok", f"Docker {docker_there}, {cpus} CPUs, {told['Architecture']}"
        )
        yield _clock(asked.name, str(told["SystemTime"]))
        if told["Architecture"] != (here := ours.info()["Architecture"]):
            text = f"its CPUs are {told['Architecture']}, and this host's are {here}"
            yield Finding(asked.name, "wrong", text, "the image of the load fits one kind alone")
            return
        image = images.present(ours, LOAD_IMAGE)
        if image is None:
            yield Finding(asked.name, "ok", "the image of the load is built and brought by a run")
            return
        if not host.has_image(image):
            text = f"the image of the load will be brought, {image.attrs['Size'] // 1_000_000:,} MB"
            yield Finding(asked.name, "ok", f"{text}; the way to this host is tried then")
        elif at is not None:
            yield _way(host, at, [MASTER_PORT, *_ports(compose)])


def _clock(name: str, time: str) -> Finding:
    """Of its logs. The clocks of a trial are another matter, and measured in each."""
    then = datetime.fromisoformat(time[:SECONDS]).replace(tzinfo=UTC)
    off_s = (then - datetime.now(UTC)).total_seconds()
    return Finding(name, "ok", f"its time of day is {off_s:+.0f} s from this host's")


def _ports(compose: Compose) -> Sequence[int]:
    models = compose.topology.models.values()
    return [each.published_port for each in models if each.published_port is not None]


def _way(host: LoadHost, at: str, ports: Sequence[int]) -> Finding:
    hosts_in_use.note([host.name])
    found = survey(host, at, ports)
    trip, rate = found.rtt_us or 0, (found.bytes_per_s or 0) / 1e6
    return Finding(
        host.name,
        "ok",
        f"it reaches ports {MASTER_PORT} and {ports[1]} to {ports[-1]} of {at}: round trip"
        f" {trip:,} us, {rate:,.0f} MB/s over one connection",
    )
