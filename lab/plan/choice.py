"""What a person asked for, checked as a whole before anything is started.

The scenario says what is measured; the command line may put other models, users, rates, trials or
another path into its place. Every mistake of both is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from lab.errors import MisuseError
from lab.plan import (
    chosen_settings,
    contradictions,
    ladder,
    load_hosts,
    models,
    scenario_files,
    variants,
)
from lab.plan.blocks import Cell, all_cells
from lab.plan.chosen_settings import ChosenSettings
from lab.plan.load_hosts import AskedHost
from lab.plan.topology import Topology
from lab.plan.words import decimals, names, number, numbers, one_of
from lab.records.manifest import NotAttempted, ScenarioText, Variant, not_attempted
from lab.records.record import RECEIVERS, Receive
from loadgen.formats import scenario_reader
from loadgen.formats.document import read_text
from loadgen.formats.problems import ScenarioError
from loadgen.formats.scenario import MOST_RATE_RPS, MOST_USERS, Scenario

Way = Literal["forwarded", "published", "direct", "outside"]
WAYS: tuple[Way, ...] = ("forwarded", "published", "direct")  # from this host; else HOSTS
MOST_TRIALS = 1_000
MOST_WORKERS = 64
LEAST_RATE_RPS = 0.1  # as in scenarios


@dataclass(frozen=True)
class Asked:
    """The command line; empty where it leaves the choice to the scenario."""

    scenario: str = ""  # a name, or a path; `quick` where none is named
    models: str = ""  # names with commas between
    users: str = ""  # numbers with commas between
    rate: str = ""  # the same; makes an open loop of any scenario
    trials: str = ""
    workers: str = ""  # of Locust
    via: str = ""
    with_file: str = ""  # a Compose file with a server of one's own
    hosts: str = ""  # that the load comes from; this one where none is named
    address: str = ""  # of this host, where those reach it
    receive: str = ""  # whose CPUs process what the server receives
    seed: str = ""
    blocks: str = ""  # how many to measure now; the others when the run is gone on with
    resume: str = ""  # a run to go on with
    set: str = ""  # settings of the servers; several values of one make it an axis
    force: str = ""  # any text: although host or images have changed


@dataclass(frozen=True)
class Choice:
    """What will be run. `workers` and `seed` are None where nobody chose."""

    source: ScenarioText
    scenario: Scenario
    models: tuple[str, ...]
    users: tuple[int, ...]
    rates: tuple[float, ...]  # none: a closed loop, or a rate that is to be found
    trials: int  # of each cell
    path: Way
    receive: Receive | None  # None: as the host allows
    workers: int | None
    seed: int | None
    settings: Mapping[str, str] = field(default_factory=dict)  # of every server
    variants: Mapping[str, Variant] = field(default_factory=dict)  # by their names in `models`
    about_settings: tuple[str, ...] = ()  # what a person might not expect of them
    blocks: int | None = None  # to be measured now; None: all that are left
    left_out: tuple[NotAttempted, ...] = ()
    hosts: tuple[AskedHost, ...] = ()  # that the load comes from; none: this one
    address: str | None = None  # of this host, where those reach it; None: by the route to them

    @property
    def cells(self) -> list[Cell]:
        """Those that will be run."""
        without = {(each.model, each.users, each.rate_rps) for each in self.left_out}
        every = all_cells(self.models, self.users, self.rates)
        return [cell for cell in every if cell not in without]

    @property
    def remarks(self) -> list[str]:
        """What a person might not expect of it, a line each."""
        lines = [*self.about_settings, *not_attempted(self.left_out)]
        if self.rates and not self.scenario.is_open:
            opened = "RATE makes this an open loop: arrivals at that rate"
            lines.append(f"{opened}; `users` are its connections")
        return lines


def check(asked: Asked, topology: Topology, root: Path) -> Choice:
    """MisuseError with every mistake of the command line and of the scenario."""
    mistakes: list[str] = []
    path = scenario_files.find(asked.scenario or "quick", root, mistakes)
    known: Mapping[str, Mapping[str, str]] = {
        name: model.knobs for name, model in topology.servers.items()
    }
    text, scenario = "", None
    if path is not None:
        try:
            text = read_text(path)
            scenario = scenario_reader.parse(text, scenario_files.shown(path, root), known)
        except ScenarioError as error:
            mistakes += [str(problem) for problem in error.problems]
    everyone = [*topology.models]
    listed = names(asked.models)
    asked_for = [name for each in listed for name in (everyone if each == models.ALL else [each])]
    named = asked_for or list(scenario.models if scenario else ()) or everyone
    chosen, wrong = models.choose(named, list(known))
    mistakes += wrong
    if topology.foreign and not set(topology.foreign.names) & set(named):
        theirs = ", ".join(topology.foreign.names)
        mistakes.append(f"WITH: name its server in MODEL, as in MODEL=epoll,{theirs}")
    users = numbers("USERS", asked.users, MOST_USERS, mistakes)
    trials = number("TRIALS", asked.trials, MOST_TRIALS, mistakes)
    rates = decimals("RATE", asked.rate, LEAST_RATE_RPS, MOST_RATE_RPS, mistakes)
    workers = number("WORKERS", asked.workers, MOST_WORKERS, mistakes)
    seed = number("SEED", asked.seed, (1 << 31) - 1, mistakes)
    blocks = blocks_now(asked, mistakes, adaptive=bool(scenario and scenario.find))
    via = one_of("VIA", asked.via, WAYS, mistakes)
    receive = one_of("RECEIVE", asked.receive, RECEIVERS, mistakes)
    hosts, address = _outside(asked, mistakes)
    if asked.force:
        mistakes.append("FORCE: goes with RESUME alone; a new run has nothing to be at odds with")
    settings = ChosenSettings()
    if scenario is not None:
        mistakes += contradictions.of_the_load(scenario, rates, trials)
        mistakes += contradictions.of_a_block_together(
            scenario, chosen, via=asked.via, hosts=asked.hosts, receive=asked.receive
        )
        settings = chosen_settings.choose(asked.set, scenario, chosen, topology, mistakes)
    if mistakes or scenario is None or path is None:
        raise MisuseError(mistakes, "nothing was started; make list shows models and scenarios")
    choice = Choice(
        source=ScenarioText(name=path.stem, sha256=scenario_reader.digest(text), text=text),
        scenario=scenario,
        models=settings.models,
        users=tuple(dict.fromkeys(users or scenario.users)),  # a step named twice is one step
        rates=tuple(dict.fromkeys(rates or scenario.rate)),
        trials=trials or (scenario.find.trials if scenario.find else scenario.trials),
        path="outside" if hosts else via or scenario.path,
        receive="sender" if scenario.together else receive or scenario.receive,
        workers=workers,
        seed=seed,
        settings=settings.fixed,
        variants=settings.variants,
        about_settings=settings.remarks,
        blocks=blocks,
        hosts=hosts,
        address=address,
    )
    if crowd := load_hosts.too_many(hosts, choice.users):
        raise MisuseError(crowd, "nothing was started; name more USERS, or fewer workers")
    servers = variants.declare(topology, choice.variants).servers
    left_out = ladder.left_out(choice.cells, servers, choice.settings)
    if len(left_out) == len(choice.cells):
        first = left_out[0]
        mistake = f"USERS: {first.model} cannot take {first.users:,}: {first.why}"
        raise MisuseError([mistake], "no step is left to run")
    return replace(choice, left_out=tuple(left_out))


def _outside(asked: Asked, mistakes: list[str]) -> tuple[tuple[AskedHost, ...], str | None]:
    """Load hosts, and the address where they reach this one; adds to `mistakes`."""
    hosts = load_hosts.read(asked.hosts, mistakes)
    address = load_hosts.address(asked.address, mistakes)
    if asked.address and not asked.hosts:
        mistakes.append("ADDRESS: goes with HOSTS alone")
    if asked.hosts and asked.via:
        mistakes.append("VIA: load from other hosts comes from outside; leave out VIA")
    if asked.hosts and asked.workers:
        mistakes.append("WORKERS: with HOSTS the number stands behind each host, as in HOSTS=b:4")
    return hosts, address


def blocks_now(asked: Asked, mistakes: list[str], *, adaptive: bool) -> int | None:
    """How many blocks to measure before the run is paused; adds to `mistakes`."""
    found = number("BLOCKS", asked.blocks, MOST_TRIALS, mistakes)
    if found and adaptive:
        mistakes.append("BLOCKS: a search has no blocks; stop it with Ctrl-C, then RESUME")
    return found
