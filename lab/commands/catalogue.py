"""What can be measured and with what: the text of `make list`."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

from tabulate import tabulate

from lab.claims.catalogue import experiments
from lab.plan import models, topology
from loadgen.formats import scenario_reader
from loadgen.formats.characters import escaped
from loadgen.formats.problems import ScenarioError

REFERENCE = "somebody else's server, to hold the models against; runs where it is named"
WORDS = 72  # letters of a claim's quote


def text(root: Path) -> str:
    """Models, scenarios and claims. A scenario that is wrong is listed with its mistake."""
    declared = topology.read(root / "docker-compose.yml", os.environ)
    servers = [
        (
            model.name,
            f"127.0.0.1:{model.published_port or '-'}",
            models.about(model.name, root) or REFERENCE,
        )
        for model in declared.servers.values()
    ]
    folder = root / "scenarios"
    paths = [*sorted(folder.glob("*.yml")), *sorted(folder.glob("*/*.yml"))]
    found = [
        (escaped(str(path.relative_to(folder).with_suffix(""))), _about(path)) for path in paths
    ]
    return (
        tabulate(servers, headers=["model", "for people", "about"])
        + "\n\n"
        + tabulate(found, headers=["scenario", "about"])
        + "\n\n"
        + tabulate(_claims(), headers=["claim", "words of the notes"])
    )


def _claims() -> list[tuple[str, str]]:
    quotes = {name: each.claim.quote for name, each in experiments().items()}
    return [
        (name, textwrap.shorten(text, WORDS, placeholder=" ...")) for name, text in quotes.items()
    ]


def _about(path: Path) -> str:
    try:
        return scenario_reader.load(path).about
    except ScenarioError as error:
        return f"wrong: {error.problems[0]}"
