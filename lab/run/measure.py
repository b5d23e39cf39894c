"""A run from its choice to its last trial: prepare, write the manifest, run the plan."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from docker import DockerClient

from lab.containers import cleanup, images
from lab.containers.compose import Compose
from lab.containers.daemon import connect, explained
from lab.containers.docker_rig import DockerRig
from lab.containers.fleet import Fleet
from lab.containers.load_host import LoadHost
from lab.figure import counted
from lab.host import machine
from lab.plan.blocks import make_plan, through
from lab.plan.choice import Choice
from lab.plan.topology import Topology
from lab.plan.variables import Setup
from lab.records import ceiling
from lab.records.ceiling import Ceilings
from lab.records.manifest import Manifest
from lab.records.run_folder import RunFolder, create, discard_empty
from lab.records.step import Trial
from lab.run import inventory, load_hosts, prepare, resume, scratch
from lab.run.eta import Eta, in_words
from lab.run.manifest_writer import ManifestWriter
from lab.run.progress import LiveLine, PlainLines
from lab.run.resume import Broken
from lab.run.runner import run_plan
from lab.run.seek import Seek


@dataclass(frozen=True)
class Order:
    """What is to be done: a choice, and the run to go on with, if any. `command`: what goes on with
    it, given RESUME, where it stops before its end; None where no command line can name its models.
    """

    choice: Choice
    declared: Topology
    broken: Broken | None = None
    force: bool = False  # to go on although host or images have changed
    command: str | None = "make bench"


@dataclass(frozen=True)
class Begun:
    """A run whose folder and manifest are written. `ceilings`: to judge its trials by."""

    choice: Choice
    compose: Compose
    client: DockerClient
    setup: Setup
    folder: RunFolder
    manifest: Manifest
    plan: tuple[Trial, ...]  # of a search none: it grows as it runs
    ceilings: Ceilings
    fleet: Fleet


def begin(
    compose: Compose,
    order: Order,
    watching: PlainLines | LiveLine,
    hosts: Sequence[LoadHost] = (),
) -> Begun:
    """Everything that can be refused is, before there is a folder. `hosts`: those of the choice."""
    client, choice, broken = connect(), order.choice, order.broken
    kept_in = compose.root / "results"
    scratch.remove_left(kept_in)
    for remark in choice.remarks:
        watching.say(remark)
    prepare.ports_free(compose.topology, choice)
    needed = prepare.images(compose.topology, choice)
    prepare.build(compose, choice, watching.say)
    digests = images.ensure(client, needed, compose.root, watching.say)
    allotted = prepare.allotment()
    for remark in prepare.crowded(choice.workers, allotted):
        watching.say(remark)
    machine.keep_to(allotted.load)  # following the trials must not be billed to the server
    receive = prepare.receive(client, compose, choice.receive, allotted, watching.say)
    fleet = load_hosts.prepare(choice, hosts, client, compose.topology, watching.say)
    setup = prepare.setup(choice, compose.topology, allotted, receive, fleet)
    seed = random.SystemRandom().getrandbits(31) if choice.seed is None else choice.seed
    plan = _plan(choice, broken, seed)
    now = datetime.now(UTC)
    source = choice.source
    folder = broken.folder if broken else create(kept_in, source.name, source.text, now)
    try:
        manifest = inventory.take(
            client,
            compose,
            choice=choice,
            setup=setup,
            fleet=fleet,
            seed=seed,
            plan=plan,
            images=digests,
            folder=folder,
            now=now,
        )
    except BaseException:  # Docker went away, or Ctrl-C
        if not broken:
            discard_empty(folder)
        raise
    if broken:
        manifest = resume.go_on(broken, manifest, force=order.force)
    ceilings = ceiling.known(manifest, [kept_in])
    return Begun(choice, compose, client, setup, folder, manifest, plan, ceilings, fleet)


def _plan(choice: Choice, broken: Broken | None, seed: int) -> tuple[Trial, ...]:
    if broken:
        return resume.plan(broken)
    if choice.scenario.find:
        return ()
    return make_plan(choice.cells, choice.trials, seed, together=choice.scenario.together)


def measure(begun: Begun, watching: PlainLines | LiveLine) -> None:
    """Run what is left of the plan, or as many of its blocks as were asked for."""
    choice, folder = begun.choice, begun.folder
    manifest_writer = ManifestWriter(folder, begun.manifest)
    trials, most = _due(begun, manifest_writer)
    left = most - folder.finished()
    at_once = len(choice.models) if choice.scenario.together else 1
    eta = Eta(choice.scenario.warmup_s + choice.scenario.window_s, at_once=at_once)
    at_most = "at most " if choice.scenario.find else ""
    watching.say(f"{at_most}{counted(left, 'trial')}, about {in_words(eta.lasts_s(left))}")
    with manifest_writer.kept(), explained(), ExitStack() as rigs:
        rig, *beside = [rigs.enter_context(closing(each)) for each in _rigs(begun, at_once)]
        run_plan(
            trials,
            of=most,
            rig=rig,
            beside=beside,
            folder=folder,
            progress=watching,
            timeout_s=choice.scenario.timeout_s,
            eta=eta,
            ceilings=begun.ceilings,
        )


def _rigs(begun: Begun, at_once: int) -> Iterator[DockerRig]:
    """One for each trial at the same time, all but the first in a project beside the lab's."""
    own = begun.compose.project
    for project in (own, *(cleanup.beside(own, number) for number in range(2, at_once + 1))):
        compose = replace(begun.compose, project=project)
        yield DockerRig(begun.client, compose, begun.setup, begun.folder, begun.fleet)


def _due(begun: Begun, manifest_writer: ManifestWriter) -> tuple[Iterable[Trial], int]:
    """The trials, and how many there are at most: a search may need fewer."""
    choice, folder, plan = begun.choice, begun.folder, begun.plan
    if choice.scenario.find:
        seek = Seek(
            choice.scenario,
            choice.cells,
            trials=choice.trials,
            seed=begun.manifest.seed,
            folder=folder,
            ceilings=begun.ceilings,
        )
        return seek.trials(manifest_writer), choice.trials * len(choice.cells)
    if choice.blocks:
        left = [trial for trial in plan if not folder.is_finished(trial.name)]
        plan = through(plan, left, choice.blocks)
    return plan, len(plan)
