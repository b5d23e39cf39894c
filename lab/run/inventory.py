"""Takes the inventory for the manifest: Docker, Compose, git, the host, and what was chosen."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import docker

import lab
from lab.containers import compose as composing
from lab.containers.compose import Compose
from lab.containers.fleet import Fleet
from lab.host import machine
from lab.plan.choice import Choice
from lab.plan.variables import Setup, for_run
from lab.records.manifest import Manifest, Planned, Versions
from lab.records.run_folder import RunFolder
from lab.records.step import Trial


def take(
    client: docker.DockerClient,
    compose: Compose,
    *,
    choice: Choice,
    setup: Setup,
    fleet: Fleet,
    seed: int,
    plan: Sequence[Trial],
    images: Mapping[str, str],
    folder: RunFolder,
    now: datetime,
) -> Manifest:
    """Before the first trial. `images`: tag -> digest."""
    daemon: Mapping[str, Any] = client.info()
    commit, dirty = git(compose.root)
    return Manifest(
        run=folder.path.name,
        state="running",
        created_at=now.isoformat(timespec="seconds"),
        command=sys.argv[1:],
        scenario=choice.source,
        models=list(choice.models),
        variants=dict(choice.variants),
        settings=dict(choice.settings),
        users=list(choice.users),
        loop="open" if choice.rates or choice.scenario.find else "closed",
        rates=choice.rates,
        think_s=choice.scenario.think_s,
        trials=choice.trials,
        path=choice.path,
        receive=setup.receive,
        connection=choice.scenario.connection,
        load_workers=setup.workers,
        load_hosts=tuple(each.found for each in fleet.members),
        address=fleet.address or None,
        seed=seed,
        adaptive=choice.scenario.find is not None,
        not_attempted=choice.left_out,
        plan=[Planned.of(trial) for trial in plan],
        compose_variables=compose.settings(for_run(setup)),
        foreign=compose.topology.foreign.text if compose.topology.foreign else None,
        images=dict(images),
        git_commit=commit,
        git_dirty=dirty,
        versions=Versions(
            lab=lab.__version__,
            python=platform.python_version(),
            docker=str(daemon.get("ServerVersion")),
            compose=composing.version(),
            docker_sdk=version("docker"),
        ),
        host=machine.describe(daemon.get("CgroupVersion"), daemon.get("Driver")),
        before=machine.conditions(),
    )


def git(root: Path) -> tuple[str | None, bool | None]:
    """The commit, and whether files differ from it; None outside of a clone."""

    def ask(*words: str) -> str:
        done = subprocess.run(  # noqa: S603 - words of this file
            ["git", "-C", str(root), *words],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    try:
        return ask("rev-parse", "HEAD"), bool(ask("status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError):
        return None, None
