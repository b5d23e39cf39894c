"""Reads a scenario: `load` from a file, `parse` from a text.

Either returns a whole, checked `Scenario` or raises `ScenarioError` with everything that is wrong
at once, each with file, line, key and remedy. The caller passes which models exist and which
settings each takes (the Compose file knows); wrong names of those are found in the same pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from loadgen.formats.document import Document, read_text
from loadgen.formats.names import unknown_names
from loadgen.formats.objective import Find
from loadgen.formats.problems import Key, Problem, ScenarioError, from_pydantic
from loadgen.formats.request import Expect, Request
from loadgen.formats.scalar import Scalar
from loadgen.formats.scenario import Scenario


def digest(source: str) -> str:
    """The hash by which master, workers and lab make sure that they read the same scenario."""
    return hashlib.sha256(source.encode()).hexdigest()


def load(path: str | Path, models: Mapping[str, Collection[str]] | None = None) -> Scenario:
    return parse(read_text(path), str(path), models)


def parse(
    source: str, file: str = "scenario", models: Mapping[str, Collection[str]] | None = None
) -> Scenario:
    """`models`: each model's name and the settings that it takes; None leaves names unchecked."""
    document = Document(source, file)
    problems = list(document.problems)
    data = document.data
    if not isinstance(data, dict):
        empty = data is None or (isinstance(data, Scalar) and data.empty)
        kind = "list" if isinstance(data, list) else "text"
        what = "is empty" if empty else f"holds a {kind} at the top"
        remedy = "write `name: value` lines, as in scenarios/quick.yml"
        raise ScenarioError([*problems, Problem(file, 0 if empty else 1, "", what, remedy)])
    if models is not None:
        problems += unknown_names(document, models)
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        problems += from_pydantic(error, document.problem, _known_keys)
    if problems:
        raise ScenarioError(problems)
    return scenario


def _known_keys(place: Key) -> Collection[str]:
    known: Any = Scenario
    for part in place:
        known = {"requests": Request, "expect": Expect, "find": Find}.get(str(part), known)
    return [field.alias or name for name, field in known.model_fields.items()]
