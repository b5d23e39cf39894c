"""The noise floor of a host: how large a difference it makes out of nothing; kept by scenario, one
for each figure that ranks.

What `make noise` found lies in noise/SCENARIO-WAY-SHA.json, and holds for this text of the scenario
on this host and this path: it is forgotten where any of them has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from lab.errors import LabError
from lab.records import durable, files
from lab.records.manifest import Manifest
from lab.records.record import Frozen, Receive

FOLDER = "noise"
By = Literal["throughput", "p99", "CPU"]  # the figures that rank


class Pair(Frozen):
    """One model at one step, against itself."""

    model: str
    users: int
    rate_rps: float | None
    by: By
    ratio: float
    low: float
    high: float
    p: float
    ranked: bool = True  # both had figures by which models are ranked

    @property
    def reach(self) -> float:
        return max(abs(self.low - 1.0), abs(self.high - 1.0))


class NoiseRecord(Frozen):
    """One file. `floors`: as shares of the figure."""

    format: Literal[2] = 2
    run: str
    at: str
    cpu_model: str | None
    cpus: int
    kernel: str
    scenario_sha256: str
    path: str
    receive: Receive = "sender"
    floors: Mapping[By, float]
    pairs: tuple[Pair, ...]

    def belongs_to(self, manifest: Manifest) -> bool:
        host = manifest.host
        here = (host.cpu_model, host.cpus, host.kernel)
        asked = (manifest.scenario.sha256, manifest.path, manifest.receive)
        return (
            *(self.cpu_model, self.cpus, self.kernel),
            *(self.scenario_sha256, self.path, self.receive),
        ) == (*here, *asked)


def in_words(floors: Mapping[By, float]) -> str:
    """`8.5%`, or `31.0% by p99, 1.2% by CPU`."""
    if floors.keys() == {"throughput"}:
        return f"{floors['throughput']:.1%}"
    return ", ".join(f"{floor:.1%} by {by}" for by, floor in floors.items())


def read(folder: Path, manifest: Manifest) -> NoiseRecord | None:
    """What is known in this folder of a run's host, scenario and path; None where nothing is."""
    way = _way(manifest.path, manifest.receive)
    place = _place(folder, manifest.scenario.name, way, manifest.scenario.sha256)
    try:
        found = files.model(place, NoiseRecord)
    except LabError:
        return None
    return found if found.belongs_to(manifest) else None


def write(folder: Path, scenario: str, found: NoiseRecord) -> None:
    """LabError where it cannot be written."""
    place = _place(folder, scenario, _way(found.path, found.receive), found.scenario_sha256)
    try:
        place.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise durable.refused(place.parent, error) from error
    durable.write(place, found.model_dump_json(indent=2) + "\n")


def _way(path: str, receive: Receive) -> str:
    return path if receive == "sender" else f"{path}-{receive}"


def _place(folder: Path, scenario: str, path: str, sha256: str) -> Path:
    return folder / FOLDER / f"{scenario}-{path}-{sha256[:8]}.json"
