"""Builds the images whose inputs changed, and says so.

An image carries the digest of its inputs as a label: it is built when there is none under its tag,
or when the digest differs. The daemon's own builder does it over its API, so neither Compose nor
a plugin has a say, and each line of progress comes as it is made. A build that fails leaves the
image before it in place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, ImageNotFound
from docker.models.images import Image as BuiltImage

from lab.containers import base_image, build_access, build_context
from lab.containers.build_context import Context
from lab.containers.cleanup import LABEL
from lab.containers.daemon import explain
from lab.containers.debootstrap import Say
from lab.errors import LabError
from lab.plan.topology import Image

INPUTS = "lab.inputs"
LINES_KEPT = 15
REMEDIES = (  # what a failed build says -> what to do
    ("CERTIFICATE_VERIFY_FAILED", f"put your proxy's CA, as *.crt, into {build_access.EXTRA_CAS}"),
    ("Temporary failure resolving", "the build has no network: see the daemon's DNS and proxy"),
    (
        "Unable to locate package",
        "the base image is no Debian trixie: docker rmi debian:trixie-slim",
    ),
    ("No space left on device", "make room: docker system df shows who uses the disk"),
)


class BuildError(LabError):
    """An image could not be built or pulled; the message ends with what the build said last."""


def ensure(
    client: docker.DockerClient, images: Iterable[Image], root: Path, say: Say
) -> dict[str, str]:
    """The images' ids by tag; they are there afterwards, and made of the sources as they are.

    Takes 50 ms where nothing changed. Raises BuildError, DebootstrapError or ContextError.
    """
    build_access.copy_certificates(root)
    ids = {}
    base_id = ""
    for image in images:
        if image.dockerfile is None:
            ids[image.tag] = _pulled(client, image.tag, say)
            continue
        base_id = base_id or base_image.ensure(client, say)
        context = build_context.read(root, image.dockerfile)
        digest = context.digest(ids.get(context.base, base_id))  # an image may be built upon ours
        before = present(client, image.tag)
        if before is None or before.labels.get(INPUTS) != digest:
            reason = "its sources changed" if before else "it is not here yet"
            say(f"building {image.tag}: {reason}")
            _build(client, image.tag, context, digest, say)
            _drop(client, before)
        ids[image.tag] = str(client.images.get(image.tag).id)
    return ids


def _build(client: docker.DockerClient, tag: str, context: Context, digest: str, say: Say) -> None:
    key, _, value = LABEL.partition("=")
    last: deque[str] = deque(maxlen=LINES_KEPT)
    try:
        progress = client.api.build(
            fileobj=context.archive(),
            custom_context=True,
            dockerfile=context.dockerfile,
            tag=tag,
            labels={key: value, INPUTS: digest},
            buildargs=build_access.build_arguments(context.arguments),
            use_config_proxy=True,
            rm=True,
            forcerm=True,
            decode=True,
        )
        failed = False
        for event in progress:  # to its end, or the connection stays open
            failed = _heed(event, tag, last, say) or failed
    except APIError as error:  # refused before it began: a Dockerfile that cannot be read
        last.append(str(error.explanation))
        raise _failed(tag, context.dockerfile, last) from error
    except OSError as error:  # the daemon went away
        raise explain(error) from error
    if failed:
        raise _failed(tag, context.dockerfile, last)


def _heed(event: dict[str, Any], tag: str, last: deque[str], say: Say) -> bool:
    """Steps are progress, every line may be one of the last. Whether the build failed by this."""
    for line in str(event.get("stream", event.get("error", ""))).splitlines():
        if line.strip():
            last.append(line.rstrip())
        if line.startswith("Step "):
            say(f"{tag}: {line.removeprefix('Step ')}")
    return "error" in event


def _failed(tag: str, dockerfile: str, last: Iterable[str]) -> BuildError:
    text = "\n".join(last)
    known = (remedy for sign, remedy in REMEDIES if sign in text)
    remedy = next(known, f"see all of it: docker build -f {dockerfile} .")
    return BuildError(f"the image {tag} could not be built; the build said last:\n{text}", remedy)


def present(client: docker.DockerClient, tag: str) -> BuiltImage | None:
    """None where there is none of that name."""
    try:
        return client.images.get(tag)
    except ImageNotFound:
        return None


def _pulled(client: docker.DockerClient, tag: str, say: Say) -> str:
    found = present(client, tag)
    if found is None:
        say(f"pulling {tag}")
        try:
            found = client.images.pull(*tag.partition(":")[::2])
        except APIError as error:
            raise BuildError(
                f"the image {tag} cannot be pulled: {error.explanation}",
                "bring it from another host: docker save | docker load",
            ) from error
    return str(found.id)


def _drop(client: docker.DockerClient, before: BuiltImage | None) -> None:
    """The image that was replaced, but not its layers: they are the next build's cache."""
    if before is not None:
        with suppress(APIError):  # in use, or carrying another tag
            client.images.remove(str(before.id), noprune=True)
