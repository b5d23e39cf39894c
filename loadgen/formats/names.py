"""Names in a scenario that only others can judge: models, and the settings that models take."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from loadgen.formats.document import Document
from loadgen.formats.problems import Key, Problem, nearest
from loadgen.formats.scalar import Scalar


def unknown_names(document: Document, models: Mapping[str, Collection[str]]) -> list[Problem]:
    """Works on the raw data, so that it is told together with all that pydantic finds.

    A setting is right where at least one of the scenario's models takes it: in a comparison of all
    models, `workers: 8` means those that have workers.
    """
    problems: list[Problem] = []

    def unknown(key: Key, what: str, remedy: str) -> None:
        problems.append(document.problem(key, what, remedy))

    listed = document.data.get("models")
    listed = listed if isinstance(listed, list) else [listed] if listed is not None else []
    chosen = [each.written if isinstance(each, Scalar) else None for each in listed]
    for index, name in enumerate(chosen):
        if name and name not in models:
            unknown(("models", index), f"no model {name!r}", nearest(name, models))

    settings = document.data.get("server")
    right = [name for name in chosen if name and name in models]
    sure = bool(right) and len(right) == len(chosen)
    taken = {setting for name in (right if sure else models) for setting in models[name]}
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
