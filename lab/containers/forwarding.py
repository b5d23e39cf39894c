"""Has `vmhost` forward the ports of the guests that are up: one exec of images/vmhost/forward.

To be called after each guest started, as each start may give it another address. 0.15 s.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import docker

from lab.containers import cleanup
from lab.errors import LabError
from lab.plan.topology import Model


class ForwardingError(LabError):
    """The path through `vmhost` could not be laid."""


def forward(client: docker.DockerClient, project: str, models: Iterable[Model]) -> list[str]:
    """Replaces what was forwarded before; tells what is now, a line for each model.

    `models` may name some that are not up. Raises ForwardingError, also where none is.
    """
    hosts = cleanup.containers(client, project, ["vmhost"])
    if not hosts or hosts[0].status != "running":
        raise ForwardingError("vmhost is not running", "see its log: make logs")
    wishes = [f"{model.port}={model.service}:{model.guest_port}" for model in models]
    done = hosts[0].exec_run(["forward", *wishes], demux=True)
    said, complaint = cast("tuple[bytes | None, bytes | None]", done.output)
    if done.exit_code != 0:
        lines = (complaint or b"it said nothing").decode(errors="replace").splitlines()
        raise ForwardingError(
            lines[-1],
            "see whether the guest is up: docker ps -a; the kernel needs nf_tables and nf_nat",
        )
    return (said or b"").decode(errors="replace").splitlines()
