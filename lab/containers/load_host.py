"""A host that the load comes from: its daemon, the images there, and the workers on it.

It is looked at before a run (`survey`), gets the image of the load by save and load where it has
another or none, and then runs workers of the service `locust-outside`. Everything there is found by
the same labels as here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from http import HTTPStatus

import docker
from docker.errors import DockerException
from docker.models.containers import Container
from docker.models.images import Image

from lab.containers import cleanup, endpoint, images
from lab.containers.compose import Compose
from lab.containers.debootstrap import Say
from lab.errors import LabError
from lab.host.cpus import write_list
from lab.records.ceiling import LOAD_IMAGE
from loadgen.formats.survey import Survey

WORKER, SURVEY = "locust-outside", "locust-survey"
STALLED_S = 60.0  # without a byte of an image on its way
SURVEYED_S = 30.0
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class LoadHost:
    """`compose` starts containers over there, by the same file and under the same project."""

    name: str
    client: docker.DockerClient
    compose: Compose

    def has_image(self, ours: Image) -> bool:
        theirs = images.present(self.client, LOAD_IMAGE)
        return theirs is not None and _content(theirs) == _content(ours)

    def bring_image(self, ours: Image, say: Say) -> None:
        """By save and load, where it is not there; LabError where the host refuses it."""
        with endpoint.named(self.name):
            if self.has_image(ours):
                return
            before = images.present(self.client, LOAD_IMAGE)
            self._send(ours, say)
            if not self.has_image(ours):
                raise LabError(
                    f"load host {self.name}: {LOAD_IMAGE} is another one after it was brought",
                    "remove it there: docker rmi " + LOAD_IMAGE,
                )
            if before is not None:
                with suppress(DockerException):  # in use
                    self.client.images.remove(str(before.id))

    def _send(self, ours: Image, say: Say) -> None:
        """Past the SDK's own `load`, which waits for ever where a host vanishes."""
        api = self.client.api
        answer = api.post(
            f"{api.base_url}/v{api.api_version}/images/load",
            data=self._told(ours, say),
            headers={"Content-Type": "application/x-tar"},
            timeout=STALLED_S,
        )
        refused = [line for line in answer.text.splitlines() if '"error"' in line]
        if answer.status_code != HTTPStatus.OK or refused:
            said = (refused or [answer.text])[-1].strip()
            raise LabError(
                f"load host {self.name} does not take the image of the load: {said}",
                "make room there: docker system df shows who uses the disk",
            )

    def _told(self, ours: Image, say: Say) -> Iterator[bytes]:
        """The image as a tar, with progress."""
        whole, sent, told = int(ours.attrs["Size"]), 0, 0
        say(f"{self.name}: bringing {LOAD_IMAGE}, about {whole // MEGABYTE:,} MB")
        for chunk in ours.save(named=True):
            yield chunk
            sent += len(chunk)
            if sent - told >= whole / 4:
                told = sent
                say(f"{self.name}: {sent // MEGABYTE:,} MB are there")

    def survey(self, addresses: Sequence[str]) -> Survey:
        """Which of these (host:port) it reaches, and how well. The lab must be listening there."""
        with endpoint.named(self.name):
            self.compose.up([SURVEY], {"SURVEYED": ",".join(addresses)})
            try:
                [container] = cleanup.containers(self.client, self.compose.project, [SURVEY])
                container.wait(timeout=SURVEYED_S)
                said = container.logs(stdout=True, stderr=False).decode(errors="replace")
                complaint = container.logs(stdout=False, stderr=True).decode(errors="replace")
            finally:
                cleanup.remove(self.client, self.compose.project, [SURVEY])
        try:
            return Survey.model_validate_json(said)
        except ValueError as error:
            last = (complaint.strip() or said.strip() or "nothing").splitlines()[-1]
            raise LabError(
                f"load host {self.name}: its survey said: {last}",
                "has it the image of this lab? docker rmi " + LOAD_IMAGE + " there",
            ) from error

    def start(self, workers: int, cpus: Sequence[int], variables: Mapping[str, str]) -> None:
        """Workers that look for the master. LabError where the host does not start them."""
        told = {
            **variables,
            "LOAD_HOST": self.name,
            "OUTSIDE_CPUS": write_list(cpus),
            "PROCESSES": str(workers),
        }
        with endpoint.named(self.name):
            self.compose.up([WORKER], told)

    def containers(self) -> list[Container]:
        return cleanup.containers(self.client, self.compose.project, [WORKER])


@contextmanager
def opened(name: str, compose: Compose) -> Iterator[LoadHost]:
    """As long as the block lasts. LabError, with its name, where it does not answer.

    `compose`: this host's own; its environment is what the other's is made from.
    """
    with (
        endpoint.reached(name, compose.environment) as environment,
        closing(endpoint.client(name, environment)) as client,
    ):
        yield LoadHost(name, client, replace(compose, environment=environment))


def _content(image: Image) -> list[str]:
    """What an image is made of: stores of different kinds give one image different ids."""
    return [*image.attrs["RootFS"]["Layers"], str(image.labels)]
