"""Measures what a request costs the load generator on this host: a short trial for each kind.

The server is the reference (`lab.reference` in docker-compose.yml), the rig the ordinary one. Each
figure is on the disk before the next trial starts, so that Ctrl-C loses none of them.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import docker
from rich.console import Console

import lab
from lab.analysis.result import Result, all_of
from lab.containers import images
from lab.containers.compose import Compose
from lab.containers.daemon import connect
from lab.containers.docker_rig import DockerRig
from lab.errors import FAILED, LabError, MisuseError
from lab.figure import counted
from lab.host import machine
from lab.host.cpus import Allotment
from lab.plan import calibration, scenario_files, topology
from lab.plan.calibration import RATE_SHARE, TIMEOUT_S, USERS, WARMUP_S, WINDOW_S, Kind
from lab.plan.choice import Asked, check
from lab.plan.topology import Topology
from lab.plan.words import names
from lab.records import ceiling, durable
from lab.records.ceiling import Cost
from lab.records.manifest import Host
from lab.records.record import Receive
from lab.records.run_folder import RunFolder
from lab.records.step import Trial
from lab.run import prepare, scratch
from lab.run.eta import Eta, in_words
from lab.run.progress import LiveLine, PlainLines, watcher
from lab.run.runner import run_plan
from lab.run.session import PROJECT_NAME, session
from loadgen.formats import scenario_reader
from loadgen.formats.problems import ScenarioError
from loadgen.formats.scenario import Scenario

SITE = "servers/site"


@dataclass(frozen=True)
class Place:
    """Where it is measured."""

    client: docker.DockerClient
    compose: Compose
    server: str
    via: str
    allotted: Allotment
    receive: Receive
    host: Host
    image: str  # digest of the load's

    @property
    def results(self) -> Path:
        return self.compose.root / "results"


def calibrate(asked: str, via: str, receive: str, root: Path, console: Console) -> int:
    """`asked`: scenarios, all shipped ones where none is named. 0 where all kinds were measured."""
    declared = topology.read(root / "docker-compose.yml", os.environ)
    wanted = calibration.kinds(_scenarios(asked, declared, root), _files(root))
    server = next(iter(declared.references), None)
    if server is None:
        raise LabError("docker-compose.yml has no reference server", "give one lab.reference")
    quick = Asked(scenario="quick", models=server, via=via, receive=receive)
    choice = check(quick, declared, root)
    compose = Compose(root, PROJECT_NAME, declared, os.environ)
    measured: list[Cost] = []
    try:
        with watcher(console) as watching, session(watching.say):
            client = connect()
            prepare.ports_free(declared, choice)
            digests = images.ensure(client, prepare.images(declared, choice), root, watching.say)
            allotted = prepare.allotment()
            machine.keep_to(allotted.load)
            held = prepare.receive(client, compose, choice.receive, allotted, watching.say)
            daemon = client.info()
            host = machine.describe(daemon.get("CgroupVersion"), daemon.get("Driver"))
            image = digests[ceiling.LOAD_IMAGE]
            place = Place(client, compose, server, choice.path, allotted, held, host, image)
            _measure(wanted, place, watching, measured)
    finally:
        if measured:
            print(calibration.table(measured), flush=True)
    return 0 if len(measured) == len(wanted) else FAILED


def _scenarios(asked: str, declared: Topology, root: Path) -> list[Scenario]:
    """MisuseError with every mistake in them."""
    mistakes: list[str] = []
    known = {name: model.knobs for name, model in declared.servers.items()}
    shipped = [path.stem for path in sorted((root / "scenarios").glob("*.yml"))]
    found = []
    for name in names(asked) or shipped:
        path = scenario_files.find(name, root, mistakes)
        try:
            if path is not None:
                found.append(scenario_reader.load(path, known))
        except ScenarioError as error:
            mistakes += [str(problem) for problem in error.problems]
    if mistakes:
        raise MisuseError(mistakes, "nothing was started; make list shows the scenarios")
    return found


def _files(root: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (root / SITE).iterdir() if path.is_file()}


def _measure(
    wanted: list[Kind], place: Place, watching: PlainLines | LiveLine, measured: list[Cost]
) -> None:
    eta = Eta(WARMUP_S + WINDOW_S)
    watching.say(f"{counted(len(wanted), 'trial')}, about {in_words(eta.lasts_s(len(wanted)))}")
    closed_rps: dict[tuple[str, str], float] = {}
    for number, kind in enumerate(wanted, 1):
        rate_rps = None
        if kind.loop == "open":
            if (kind.connection, kind.file) not in closed_rps:
                continue  # its closed loop failed, and said why
            rate_rps = float(round(RATE_SHARE * closed_rps[kind.connection, kind.file]))
        watching.say(f"{place.via}, {kind}")
        trial = Trial(number, 1, place.server, USERS, random.getrandbits(31), rate_rps)
        result = _trial(trial, len(wanted), kind, place, watching)
        load = result.load
        if load is None or result.judgement.verdict != "valid":
            continue
        if kind.loop == "closed":
            closed_rps[kind.connection, kind.file] = load.window.throughput_rps
        workers = load.load_workers
        cost = Cost(
            cpu_model=place.host.cpu_model,
            kernel=place.host.kernel,
            image=place.image,
            path=load.path,
            receive=place.receive,
            connection=kind.connection,
            loop=kind.loop,
            rate_rps=rate_rps,
            body_bytes=kind.body_bytes,
            answer_bytes=round(load.window.bytes / load.window.good, 1),
            cpu_us=round(sum(each.cpu_s for each in workers) / load.window.good * 1e6, 2),
            cpu_share=max(each.cpu_share for each in workers),
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            lab=lab.__version__,
        )
        measured.append(cost)
        ceiling.write(place.results, ceiling.load(place.results).with_(cost))


def _trial(
    trial: Trial, of: int, kind: Kind, place: Place, watching: PlainLines | LiveLine
) -> Result:
    """In a folder of its own, of which nothing stays."""
    declared, root = place.compose.topology, place.compose.root
    with scratch.folder(place.results, "calibration") as made:
        folder = RunFolder(made)
        text = kind.text
        durable.write(folder.path / "scenario.yml", text)
        asked = Asked(
            scenario=str(folder.path / "scenario.yml"), models=place.server, via=place.via
        )
        choice = check(asked, declared, root)
        setup = prepare.setup(choice, declared, place.allotted, place.receive)
        rig = DockerRig(place.client, place.compose, setup, folder)
        try:
            run_plan(
                [trial],
                of=of,
                rig=rig,
                folder=folder,
                progress=watching,
                timeout_s=TIMEOUT_S,
                eta=Eta(WARMUP_S + WINDOW_S),
            )
        finally:
            rig.close()
        [found] = all_of(folder)
        return found
