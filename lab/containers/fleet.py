"""The load hosts of a run, all at once. Of a run whose load is beside the server there are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from lab.containers import cleanup, endpoint
from lab.containers.load_host import LoadHost
from lab.containers.survey_listener import listening
from lab.errors import LabError
from lab.records import manifest
from lab.records.record import Link
from loadgen.formats.survey import Survey


@dataclass(frozen=True)
class Member:
    """A load host with what was found on it."""

    host: LoadHost
    cpus: tuple[int, ...]  # that its workers run on
    found: manifest.LoadHost


@dataclass(frozen=True)
class Fleet:
    """`address`: of this host, where they reach servers and master. `scenario`: its text, as no
    folder of this host is to be seen over there."""

    members: tuple[Member, ...] = ()
    address: str = ""
    scenario: str = ""

    @property
    def links(self) -> tuple[Link, ...]:
        found = (each.found for each in self.members)
        return tuple(
            Link(host=f.name, rtt_us=f.rtt_us or 0, bytes_per_s=f.bytes_per_s or 0) for f in found
        )

    @property
    def clients(self) -> dict[str, docker.DockerClient]:
        return {each.host.name: each.host.client for each in self.members}

    def check(self, ports: Sequence[int]) -> None:
        """LabError, with its name, for a host that cannot reach these ports of ours any more."""
        for each in self.members:
            survey(each.host, self.address, ports)

    def start(self, variables: Mapping[str, str]) -> None:
        """The workers of all, at the same time. LabError where one does not start them."""
        told = {**variables, "SCENARIO_TEXT": self.scenario}
        self._each(lambda each: each.host.start(each.found.workers, each.cpus, told))

    def containers(self) -> list[Container]:
        return [found for each in self.members for found in each.host.containers()]

    def discard(self) -> None:
        """Remove the workers. LabError where a host does not answer: the others are clear then."""
        self._each(_discard)

    def _each(self, do: Callable[[Member], object]) -> None:
        with ThreadPoolExecutor(max(1, len(self.members))) as pool:
            for done in [pool.submit(do, each) for each in self.members]:
                done.result()


def survey(host: LoadHost, address: str, ports: Sequence[int]) -> Survey:
    """LabError where the host does not reach one of these ports of ours, which must be free."""
    with listening(address, ports) as addresses:
        found = host.survey(addresses)
    if found.unreachable:
        where, why = next(iter(found.unreachable.items()))
        raise LabError(
            f"load host {host.name} cannot reach {where}: {why}",
            f"see the route and firewalls between it and {address}, or name another ADDRESS",
        )
    return found


def _discard(member: Member) -> None:
    with endpoint.named(member.host.name):
        cleanup.discard(member.host.containers())
