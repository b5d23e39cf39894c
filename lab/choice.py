"""What a person asked for, checked as a whole before anything is started.

The scenario says what is measured; the command line may put other models, users, trials or another
way in into its place. Every mistake of both is told at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab import models
from lab.errors import MisuseError
from lab.manifest import ScenarioText
from lab.topology import Topology
from loadgen import scenario as scenarios
from loadgen.scenario import MOST_USERS, Scenario, ScenarioError

Way = Literal["forwarded", "published", "direct"]
WAYS: tuple[Way, ...] = ("forwarded", "published", "direct")
MOST_TRIALS = 1_000
MOST_WORKERS = 64


@dataclass(frozen=True)
class Asked:
    """The command line; empty where it leaves the choice to the scenario."""

    scenario: str = "quick"
    models: str = ""  # names with commas between
    users: str = ""  # numbers with commas between
    trials: str = ""
    workers: str = ""  # of Locust
    via: str = ""
    seed: str = ""


@dataclass(frozen=True)
class Choice:
    """What will be run. `workers` and `seed` are None where nobody chose."""

    source: ScenarioText
    scenario: Scenario
    models: tuple[str, ...]
    users: tuple[int, ...]
    trials: int
    path: Way
    workers: int | None
    seed: int | None


def check(asked: Asked, topology: Topology, root: Path) -> Choice:
    """MisuseError with every mistake of the command line and of the scenario."""
    mistakes: list[str] = []
    path = find(asked.scenario, root, mistakes)
    known: Mapping[str, Mapping[str, str]] = {
        name: model.knobs for name, model in topology.servers.items()
    }
    text, scenario = "", None
    if path is not None:
        try:
            text = scenarios.read_text(path)
            scenario = scenarios.parse(text, _shown(path, root), known)
        except ScenarioError as error:
            mistakes += [str(problem) for problem in error.problems]
    named = _names(asked.models) or list(scenario.models if scenario else ()) or [*topology.models]
    chosen, wrong = models.choose(named, list(known))
    mistakes += wrong
    users = numbers("USERS", asked.users, MOST_USERS, mistakes)
    trials = numbers("TRIALS", asked.trials, MOST_TRIALS, mistakes)
    workers = numbers("WORKERS", asked.workers, MOST_WORKERS, mistakes)
    seed = numbers("SEED", asked.seed, (1 << 31) - 1, mistakes)
    via = next((way for way in WAYS if way == asked.via), None)
    if asked.via and via is None:
        mistakes.append(f"VIA: {asked.via!r} is no way in; there are: {', '.join(WAYS)}")
    for name, given in (("TRIALS", trials), ("WORKERS", workers), ("SEED", seed)):
        if len(given) > 1:
            mistakes.append(f"{name}: takes one number, not {len(given)}")
    if mistakes or scenario is None or path is None:
        raise MisuseError(mistakes, "nothing was started; make list shows models and scenarios")
    return Choice(
        source=ScenarioText(name=path.stem, sha256=scenarios.digest(text), text=text),
        scenario=scenario,
        models=tuple(chosen),
        users=users or scenario.users,
        trials=trials[0] if trials else scenario.trials,
        path=via or scenario.path,
        workers=workers[0] if workers else None,
        seed=seed[0] if seed else None,
    )


def find(name: str, root: Path, mistakes: list[str]) -> Path | None:
    """A scenario by its name in scenarios/, or by its path."""
    folder = root / "scenarios"
    for path in (folder / f"{name}.yml", Path(name)):
        if path.is_file():
            return path
    known = [path.stem for path in sorted(folder.glob("*.yml"))]
    if "/" in name or name.endswith((".yml", ".yaml")):
        mistakes.append(f"SCENARIO: {name!r} is no file; name one, or one of {', '.join(known)}")
        return None
    close = difflib.get_close_matches(Path(name).stem, known, n=1, cutoff=0.5)
    remedy = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}"
    mistakes.append(f"SCENARIO: no scenario {name!r}; {remedy}")
    return None


def numbers(name: str, text: str, most: int, mistakes: list[str]) -> tuple[int, ...]:
    """`20,50` -> (20, 50); adds to `mistakes` what is none."""
    found = []
    for word in _names(text):
        if word.isascii() and word.isdigit() and 1 <= int(word[:12]) <= most:
            found.append(int(word))
        else:
            mistakes.append(f"{name}: {word!r} is no whole number from 1 to {most:,}")
    return tuple(dict.fromkeys(found))


def _names(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
