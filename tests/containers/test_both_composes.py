"""Version 2, as Debian packages it, reads the file as the installed Compose does."""

from __future__ import annotations

import subprocess
from typing import Any

import docker
import pytest
import yaml

from lab.containers import base_image, compose
from lab.plan import topology
from tests.containers.conftest import ROOT, output_of

pytestmark = pytest.mark.docker
INSTALL = "apt-get update && apt-get install --yes --no-install-recommends docker-compose"
COMPARED = ("image", "command", "user", "read_only", "cap_drop", "labels", "sysctls", "environment")


def test_version_2_and_the_installed_one_read_the_same(client: docker.DockerClient) -> None:
    base_image.ensure(client, print)
    script = f"({INSTALL}) >/tmp/log 2>&1 || cat /tmp/log; cd /lab && docker-compose config"
    mounted = {str(ROOT / topology.FILE): {"bind": f"/lab/{topology.FILE}", "mode": "ro"}}
    lines = output_of(client, base_image.BASE, ["sh", "-c", script], volumes=mounted)
    installed = subprocess.run(
        [*compose.command(), "-f", str(ROOT / topology.FILE), "config"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told("\n".join(lines)) == told(installed.stdout)


def told(text: str) -> dict[str, dict[str, Any]]:
    """Of each service what both spell alike."""
    services = yaml.safe_load(text)["services"]
    return {name: {key: body.get(key) for key in COMPARED} for name, body in services.items()}
