"""What can be measured and with what: the text of `make list`."""

from __future__ import annotations

import os
from pathlib import Path

from tabulate import tabulate

from lab.plan import models, topology
from loadgen.formats import scenario as scenarios
from loadgen.formats.scenario import escaped

REFERENCE = "somebody else's server, to hold the models against; runs where it is named"


def text(root: Path) -> str:
    """Models and scenarios, a line each. A scenario that is wrong is listed with its mistake."""
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
    )


def _about(path: Path) -> str:
    try:
        return scenarios.load(path).about
    except scenarios.ScenarioError as error:
        return f"wrong: {error.problems[0]}"
