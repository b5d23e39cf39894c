"""The image that every Dockerfile starts from: present, or pulled, or made here from packages.

Where no registry can be reached, Debian's package servers often can: then debootstrap makes the
same system and it is imported under the same name. That takes half a minute, needs root, and
happens once. The image says by a label that it was made here.

It fails where neither a registry nor a package server is to be had: then another host has to
give the image (docker save, docker load).
"""

from __future__ import annotations

import docker
from docker.errors import APIError, ImageNotFound

from lab.containers import debootstrap
from lab.containers.debootstrap import Say
from lab.errors import LabError

SUITE = "trixie"
REPOSITORY, TAG = "debian", f"{SUITE}-slim"
BASE = f"{REPOSITORY}:{TAG}"
MADE_HERE = "lab.base=serverlab"  # not lab.project: images that others build upon it inherit this


class BaseImageError(LabError):
    """The daemon did not take the image that was made for it."""


def ensure(client: docker.DockerClient, say: Say) -> str:
    """The id of the base image, which is there afterwards.

    Raises DebootstrapError where there is no way to one.
    """
    try:
        return str(client.images.get(BASE).id)
    except ImageNotFound:
        say(f"{BASE} is not here: pulling it")
    try:
        return str(client.images.pull(REPOSITORY, TAG).id)
    except (APIError, OSError) as error:
        say(f"no registry gives it ({error}): making it with debootstrap")
    with debootstrap.system(SUITE, say) as stream:
        say(f"importing {BASE}")
        client.api.import_image_from_stream(
            stream, repository=REPOSITORY, tag=TAG, changes=[f"LABEL {MADE_HERE}", 'CMD ["bash"]']
        )
    try:
        return str(client.images.get(BASE).id)
    except ImageNotFound as error:
        raise BaseImageError(
            f"the daemon did not take {BASE}", "look at its log and disk"
        ) from error


if __name__ == "__main__":
    print(ensure(docker.from_env(), print))
