"""manifest.json: all that is needed to run a run again, and to know why it came out otherwise.

Format 2   loops, ladders with steps `not_attempted`, runs that seek their rates (`adaptive`), runs
           that were paused or resumed.
Format 3   who processes what the server receives (`receive`); settings that vary (`variants`).

Written before the first trial and again at the end, when `state` says how it ended. A reader takes
format 2 as well: what it lacks has a default that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from lab.records.record import Frozen, Receive
from lab.records.step import Trial, describe_step

State = Literal["running", "complete", "paused", "interrupted", "aborted"]


class Planned(Frozen):
    """One trial of the plan, in the order of running."""

    number: int
    block: int
    model: str
    users: int
    seed: int
    rate_rps: float | None = None
    name: str

    @classmethod
    def of(cls, trial: Trial) -> Planned:
        return cls(
            number=trial.number,
            block=trial.block,
            model=trial.model,
            users=trial.users,
            seed=trial.seed,
            rate_rps=trial.rate_rps,
            name=trial.name,
        )

    def trial(self) -> Trial:
        return Trial(self.number, self.block, self.model, self.users, self.seed, self.rate_rps)


class NotAttempted(Frozen):
    """A cell that was left out, because the model cannot take it by its declared limits."""

    model: str
    users: int
    rate_rps: float | None = None
    why: str


def not_attempted(cells: Iterable[NotAttempted]) -> list[str]:
    """A line for each model and reason: limits leave out a step and all above it."""
    steps: dict[tuple[str, str], list[str]] = {}
    for each in cells:
        step = describe_step(each.users, each.rate_rps)
        steps.setdefault((each.model, each.why), []).append(step)
    return [
        f"{model}, {first}{' and more' if others else ''}: not attempted: {why}"
        for (model, why), (first, *others) in steps.items()
    ]


class Variant(Frozen):
    """A model under settings of its own."""

    model: str
    settings: dict[str, str]


class Resumption(Frozen):
    """A run that was paused or broken off was gone on with."""

    at: str  # UTC
    command: list[str]
    changed: list[str]  # of host and images since the run began; some only where it was forced


class ScenarioText(Frozen):
    """The scenario as it was read; the copy in the run's folder is the same text."""

    name: str
    sha256: str
    text: str


class Host(Frozen):
    """The machine. None where the host does not tell."""

    kernel: str
    architecture: str
    cpu_model: str | None
    cpus: int
    siblings: dict[int, list[int]]  # CPUs on one core
    governor: str | None
    memory_bytes: int | None
    cgroup_version: str | None
    storage_driver: str | None
    userland_proxy: bool | None  # whether a published port is served by a process of Docker's
    sysctls: dict[str, str]
    open_files: int | None  # hard limit of this process


class LoadHost(Frozen):
    """A host that the load came from, as it was looked at before the run."""

    name: str  # a Docker context, or the address of a daemon
    docker: str
    kernel: str
    architecture: str
    cpus: int
    workers: int
    same_kernel: bool = False  # as the lab's host: another daemon of one machine
    rtt_us: int | None = None  # the shortest round trip to the lab's host
    bytes_per_s: int | None = None  # that one connection from there gave


class Conditions(Frozen):
    """What else the machine was doing."""

    at: str  # UTC
    load_1m: float | None
    steal_s: float | None  # cumulative
    cpu_pressure_s: float | None  # cumulative: some task waited for a CPU


class Versions(Frozen):
    lab: str
    python: str
    docker: str
    compose: str
    docker_sdk: str


class Manifest(Frozen):
    format: Literal[2, 3] = 3
    run: str
    state: State
    why: str | None = None  # it did not complete
    created_at: str
    command: list[str]
    scenario: ScenarioText
    # What was run: the scenario's values, or those that the command line put in their place.
    models: list[str]
    variants: dict[str, Variant] = Field(default_factory=dict)  # by their names in `models`
    settings: dict[str, str] | None = None  # of every server; None: those of the scenario
    users: list[int]
    loop: Literal["closed", "open"] = "closed"
    rates: tuple[
        float, ...
    ] = ()  # arrivals a second; none in a closed loop, and where they were sought
    think_s: float = 0.0  # closed loop: between an answer and the next request
    trials: int  # of each cell; in an adaptive run the most for each
    path: Literal["forwarded", "published", "direct", "outside"]
    receive: Receive = "sender"  # what held, whatever was asked for
    connection: Literal["keep-alive", "close"]
    load_workers: int
    load_hosts: tuple[LoadHost, ...] = ()  # none: the load ran beside the server
    address: str | None = None  # of this host, where those reached it
    seed: int
    adaptive: bool = False  # the plan grew with the run: each step hung on those before it
    plan: list[Planned]  # of an adaptive run: the trials that were begun
    not_attempted: tuple[NotAttempted, ...] = ()
    compose_variables: dict[str, str]  # every variable of docker-compose.yml, knobs and cpusets
    foreign: str | None = None  # the second Compose file, of a server of one's own (WITH=)
    images: dict[str, str]  # tag -> digest
    git_commit: str | None
    git_dirty: bool | None
    versions: Versions
    host: Host
    before: Conditions
    after: Conditions | None = None
    resumed: tuple[Resumption, ...] = ()

    @property
    def base_models(self) -> list[str]:
        """As a person names them: without the settings that vary."""
        of_variants = {name: variant.model for name, variant in self.variants.items()}
        return list(dict.fromkeys(of_variants.get(name, name) for name in self.models))
