"""Goes on where a broken run stopped: same scenario, models, order and seed, from its manifest.

What the command line adds must agree with it. Trials that were written stay; one that was cut short
is run again. If host or images are no longer those of the run, its trials would not be
comparable: then only FORCE goes on, with a note in the manifest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab.analysis.differences import differences
from lab.errors import MISUSED, LabError, MisuseError
from lab.plan import load_hosts, scenario_files
from lab.plan.choice import Asked, Choice, blocks_now
from lab.plan.topology import Topology
from lab.plan.words import names
from lab.records import durable, run_folder
from lab.records.manifest import Manifest, Resumption
from lab.records.run_folder import RunFolder
from lab.records.step import Trial, written
from loadgen.formats import scenario_reader
from loadgen.formats.document import read_text
from loadgen.formats.problems import ScenarioError
from loadgen.formats.scenario import Scenario


@dataclass(frozen=True)
class Broken:
    """A run that was broken off."""

    folder: RunFolder
    manifest: Manifest


def find(run: str, folder: Path) -> Broken:
    """`folder`: results/. LabError where it holds no such run, or nothing is left of it to do."""
    found = run_folder.find(folder, run)
    if found.path.parent != folder.resolve():
        raise MisuseError(
            [f"RESUME: {run!r} is not in {folder.name}/, which is all that the load can see"],
            f"move it there: mv {run} {folder.name}/",
        )
    manifest = found.manifest()
    missing = [each for each in manifest.plan if not found.is_finished(each.name)]
    if manifest.state == "complete" and not missing:
        raise MisuseError(
            [f"RESUME: {manifest.run} is complete"], f"make report RUN={manifest.run} shows it"
        )
    return Broken(found, manifest)


def hint(folder: RunFolder, command: str) -> str:
    """How to go on with a run that has just stopped before its end."""
    latest = folder.path.parent / "latest"
    name = "latest" if latest.resolve() == folder.path.resolve() else folder.path.name
    return f"{command} RESUME={name} goes on with {folder.path.name}"


def choice(broken: Broken, asked: Asked, declared: Topology) -> Choice:
    """What the run was of. MisuseError where the command line says otherwise."""
    manifest = broken.manifest
    known = {name: model.knobs for name, model in declared.servers.items()}
    wrong = [
        f"MODEL: there is no {name!r} any more"
        for name in manifest.base_models
        if name not in known
    ]
    wrong += contradictions(manifest, asked)
    if asked.set:
        wrong.append(f"SET: {asked.set} was asked for; the run has settings of its own")
    blocks = blocks_now(asked, wrong, adaptive=manifest.adaptive)
    wrong += _another_text(manifest, asked, broken.folder.path.parents[1])  # above results/
    if wrong:
        raise MisuseError(wrong, "RESUME takes it from the run: leave it out")
    try:
        scenario = scenario_reader.parse(
            manifest.scenario.text, f"{manifest.run}/scenario.yml", known
        )
    except ScenarioError as error:
        told = [str(problem) for problem in error.problems]
        raise MisuseError(told, "this lab cannot read the run's scenario: measure anew") from error
    return Choice(
        source=manifest.scenario,
        scenario=scenario,
        models=tuple(manifest.models),
        settings=_settings(manifest, scenario),
        variants=manifest.variants,
        users=tuple(manifest.users),
        rates=manifest.rates,
        trials=manifest.trials,
        path=manifest.path,
        receive=manifest.receive,
        workers=manifest.load_workers,
        seed=manifest.seed,
        blocks=blocks,
        left_out=manifest.not_attempted,
        hosts=load_hosts.ran(manifest),
        address=manifest.address,
    )


def contradictions(manifest: Manifest, asked: Asked) -> list[str]:
    """What was asked for that the run is not of, a line each."""
    choices = (
        ("SCENARIO", Path(asked.scenario).stem, [manifest.scenario.name]),
        ("MODEL", asked.models, manifest.base_models),
        ("USERS", asked.users, [str(count) for count in manifest.users]),
        ("RATE", asked.rate, [written(rate_rps) for rate_rps in manifest.rates]),
        ("TRIALS", asked.trials, [str(manifest.trials)]),
        ("WORKERS", asked.workers, [str(manifest.load_workers)]),
        ("VIA", asked.via, [manifest.path]),
        ("HOSTS", _names(asked.hosts), [each.name for each in manifest.load_hosts]),
        ("ADDRESS", asked.address, [manifest.address or "none"]),
        ("WITH", asked.with_file, ["its own copy"] if manifest.foreign else []),
        ("RECEIVE", asked.receive, [manifest.receive]),
        ("SEED", asked.seed, [str(manifest.seed)]),
    )
    return [
        f"{name}: {','.join(names(said))} was asked for, the run is of {','.join(ran) or 'none'}"
        for name, said, ran in choices
        if said and set(names(said)) != set(ran)
    ]


def _names(hosts: str) -> str:
    """Without the numbers of workers."""
    return ",".join(each.name for each in load_hosts.read(hosts, []))


def _settings(manifest: Manifest, scenario: Scenario) -> dict[str, str]:
    if manifest.settings is not None:
        return manifest.settings
    return {name: value for name, (value,) in scenario.server.items()}  # older runs vary none


def _another_text(manifest: Manifest, asked: Asked, root: Path) -> list[str]:
    """Whether the scenario that was asked for bears the run's name and is another one by now."""
    path = scenario_files.find(asked.scenario, root, []) if asked.scenario else None
    if path is None or path.stem != manifest.scenario.name:
        return []  # gone, or told by its name
    try:
        asks, ran = scenario_reader.digest(read_text(path)), manifest.scenario.sha256
    except ScenarioError as error:
        return [str(problem) for problem in error.problems]
    if asks == ran:
        return []
    return [f"SCENARIO: {path.name} has another text than the run: {asks[:12]} and {ran[:12]}"]


def plan(broken: Broken) -> tuple[Trial, ...]:
    """All of its trials as they were planned, in their order."""
    return tuple(planned.trial() for planned in broken.manifest.plan)


def go_on(broken: Broken, now: Manifest, *, force: bool) -> Manifest:
    """The run's manifest, running again. LabError where this is another host, or other images.

    `now`: what a new run would write.
    """
    then = broken.manifest
    changed = differences(then, now)
    if changed and not force:
        commit = f" (git checkout {then.git_commit[:12]})" if then.git_commit else ""
        raise LabError(
            "\n".join(["host or images are not those of the run:", *changed]),
            f"put them back{commit}, or measure anew; FORCE=1 goes on and notes it",
            MISUSED,
        )
    durable.write(broken.folder.path / "scenario.yml", then.scenario.text)  # if it was touched
    resumption = Resumption(at=now.created_at, command=now.command, changed=changed)
    resumed = (*then.resumed, resumption)
    changes = {"state": "running", "why": None, "after": None, "resumed": resumed}
    return then.model_copy(update=changes)
