"""Names in a scenario that only others can judge: models, and the settings that models take."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from loadgen.document import Document
from loadgen.problems import Key, Problem, nearest


def unknown_names(document: Document, models: Mapping[str, Collection[str]]) -> list[Problem]:
    """Works on the raw data, so that it is told together with all that pydantic finds.

    A setting is right where at least one of the scenario's models takes it: in a comparison of all
    models, `workers: 8` means those that have workers.
    """
    problems: list[Problem] = []

    def unknown(key: Key, what: str, remedy: str) -> None:
        problems.append(document.problem(key, what, remedy))

    chosen = document.data.get("models") or ()
    if isinstance(chosen, str):
        chosen = [chosen]
    if not isinstance(chosen, list):
        chosen = ()
    for index, name in enumerate(chosen):
        if isinstance(name, str) and name not in models:
            unknown(("models", index), f"no model {name!r}", nearest(name, models))

    settings = document.data.get("server")
    sure = bool(chosen) and all(isinstance(name, str) and name in models for name in chosen)
    taken = {setting for name in (chosen if sure else models) for setting in models[name]}
    for setting in settings if isinstance(settings, dict) else ():
        if setting in taken:
            continue
        takers = sorted(name for name, takes in models.items() if setting in takes)
        what = "none of the scenario's models takes it" if takers else "no such setting"
        remedy = (
            f"only {', '.join(takers)} would"
            if takers
            else nearest(setting, {each for takes in models.values() for each in takes})
        )
        unknown(("server", setting), what, remedy)
    return problems
