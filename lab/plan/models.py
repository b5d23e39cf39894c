"""Names of models as people give them, and what each model says that it is."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from pathlib import Path

from loadgen.formats.problems import nearest

ALL = "all"  # every model of ours, where a command takes several


def choose(names: Sequence[str], known: Collection[str]) -> tuple[list[str], list[str]]:
    """The named models in the catalogue's order, and a mistake for each name that is none.

    No name at all means all of them.
    """
    mistakes = [
        f"MODEL: no model {name!r}; {nearest(name, known)}"
        for name in names
        if name not in known and name != ALL
    ]
    if ALL in names:
        mistakes.append(f"MODEL: one is wanted, not all; it is one of: {', '.join(known)}")
    return [name for name in known if name in names or not names], mistakes


def about(name: str, root: Path) -> str:
    """The first line of the model's file; empty for a foreign server, which has none here."""
    try:
        source = (root / "servers" / f"{name}.py").read_text(encoding="utf-8")
        text = ast.get_docstring(ast.parse(source)) or ""
    except (OSError, SyntaxError, ValueError):
        return ""
    return text.partition("\n")[0].rstrip(".")
