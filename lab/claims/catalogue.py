"""The experiments that there are: a file of `experiments/` each, found by its name.

`thundering_herd.py` is the claim `thundering-herd`. Their order is that of the notes.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import Any

from lab.claims.claim import Experiment
from lab.errors import MisuseError
from lab.plan.words import names
from loadgen.formats.problems import nearest

FOLDER = Path(__file__).resolve().parents[2] / "experiments"
NOTES = FOLDER / "notes.txt"


@cache
def experiments() -> dict[str, Experiment[Any]]:
    """By their ids, in the order in which the notes make the claims."""
    files = sorted(FOLDER.glob("[!_]*.py"))
    found = [importlib.import_module(f"experiments.{file.stem}").EXPERIMENT for file in files]
    text = notes()
    found.sort(key=lambda each: (text.find(each.claim.quote), each.claim.id))
    return {each.claim.id: each for each in found}


def notes() -> str:
    """The user's, as they were written."""
    return NOTES.read_text(encoding="utf-8")


def chosen(text: str) -> list[Experiment[Any]]:
    """Those named, commas between. MisuseError where one is unknown, or none is named."""
    known = experiments()
    asked = list(dict.fromkeys(names(text)))
    mistakes = [
        f"CLAIM: no claim {name!r}; {nearest(name, list(known))}"
        for name in asked
        if name not in known
    ]
    if not asked:
        mistakes = [f"CLAIM: which one? There are {', '.join(known)}"]
    if mistakes:
        raise MisuseError(mistakes, "as in: make claim CLAIM=zombies")
    return [known[name] for name in asked]
