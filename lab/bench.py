"""One run, from the command line to the table: check, prepare, measure, clear up, report.

Nothing is started before everything was checked. Whatever ends a run early, what is ours is removed
and the trials that were written are reported.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from lab import cpus, doctor, images, inventory, machine, report, topology
from lab.choice import Asked, Choice, check
from lab.compose import Compose
from lab.daemon import connect
from lab.docker_rig import LOAD, DockerRig
from lab.errors import FAILED, Interrupted, LabError
from lab.manifest import Manifest, State
from lab.plan import make_plan
from lab.progress import LiveLine, PlainLines, watcher
from lab.results import RunFolder, create
from lab.run import run_plan
from lab.session import PROJECT, session
from lab.support import SUPPORT
from lab.topology import Topology
from lab.variables import Setup

DRAIN_S = 30.0  # as `stop_grace_period` has it; a server's own grace is far shorter


def bench(asked: Asked, root: Path, console: Console) -> int:
    """The exit status: 0 where every trial was good. Ends early by LabError or Interrupted."""
    declared = topology.read(root / "docker-compose.yml", os.environ)
    choice = check(asked, declared, root)
    compose = Compose(root, PROJECT, declared, os.environ)
    runs: list[RunFolder] = []
    try:
        with watcher(console) as watching, session(watching.say):
            _measure(compose, choice, watching, runs)
    except (LabError, Interrupted):
        for folder in runs:
            with suppress(LabError):  # a full disk, say, may be what ended the run
                if folder.results():
                    show(folder, console)
        raise
    [folder] = runs
    return show(folder, console)


def show(folder: RunFolder, console: Console) -> int:
    """Print the table, write the report's files; 0 where every trial was good."""
    found = report.load(folder)
    print(report.terminal(found), flush=True)
    report.write(folder, found)
    where = os.path.relpath(folder.path)
    console.print(f"results: {where}", markup=False, highlight=False, soft_wrap=True)
    return FAILED if found.shortfall else 0


def _measure(
    compose: Compose, choice: Choice, watching: PlainLines | LiveLine, runs: list[RunFolder]
) -> None:
    """Adds the run's folder to `runs` as soon as there is one."""
    client, servers = connect(), compose.topology.servers
    _ports_free(compose.topology, choice)
    services = {*LOAD, *SUPPORT, *(servers[name].service for name in choice.models)}
    needed = compose.topology.images_of(services)
    digests = images.ensure(client, needed, compose.root, watching.say)
    setup = make_setup(choice)
    machine.keep_to(setup.cpus.load)  # following the trials must not be billed to the server
    seed = random.SystemRandom().getrandbits(31) if choice.seed is None else choice.seed
    plan = make_plan(choice.models, choice.users, choice.trials, seed)
    now = datetime.now(UTC)
    folder = create(compose.root / "results", choice.source.name, choice.source.text, now)
    manifest = inventory.take(
        client,
        compose,
        choice=choice,
        setup=setup,
        seed=seed,
        plan=plan,
        images=digests,
        folder=folder,
        now=now,
    )
    runs.append(folder)
    with _kept(manifest, folder):
        rig = DockerRig(client, compose, setup, folder)
        timeout_s = choice.scenario.timeout_s
        try:
            run_plan(
                plan, of=len(plan), rig=rig, folder=folder, progress=watching, timeout_s=timeout_s
            )
        finally:
            rig.close()


def _ports_free(declared: Topology, choice: Choice) -> None:
    """Before anything is built: Compose would tell only when the model's turn comes."""
    chosen = {name: declared.servers[name] for name in choice.models}
    asked = replace(declared, models=chosen, references={})
    for found in doctor.ports(asked, frozenset()):
        if found.level == "wrong":
            raise LabError(f"a port of the lab is taken: {found.text}", found.remedy)


@contextmanager
def _kept(manifest: Manifest, folder: RunFolder) -> Iterator[None]:
    """The manifest tells how the run ended."""
    folder.write_manifest(manifest)
    state: State = "aborted"
    why: str | None = None
    try:
        yield
        state = "complete"
    except Interrupted as interrupted:
        state, why = "interrupted", interrupted.name
        raise
    except Exception as error:
        why = str(error).partition("\n")[0]
        raise
    finally:
        end = {"state": state, "why": why, "after": machine.conditions()}
        with suppress(LabError) if why else nullcontext():  # the first fault is the one to tell
            folder.write_manifest(manifest.model_copy(update=end))


def make_setup(choice: Choice) -> Setup:
    """The CPUs as this host has them."""
    there = machine.online()
    allotted = cpus.allot(there, machine.siblings(there))
    return Setup(
        scenario_sha256=choice.source.sha256,
        path=choice.path,
        workers=choice.workers or cpus.workers_for(allotted.load),
        cpus=allotted,
        knobs=dict(choice.scenario.server),
        owner=(os.getuid(), os.getgid()),
        drain_s=DRAIN_S,
    )
