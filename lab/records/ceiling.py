"""The most that the load generator can ask on this host, looked up in what `make calibrate` found.

results/calibration.json, format 1: what one request costs the generator in CPU time, for each way
in, connection mode, loop and size of the answer. Its inverse is the ceiling of one worker: who asks
for more gets the generator's limit, not the server's. A figure holds for the host and the image of
the load that it was measured with, and for no other.

Between two sizes the nearest stands for the trial's; a mix of small and large answers is looked up
by its mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Literal

from lab.records import durable, files
from lab.records.manifest import Host, Manifest
from lab.records.record import Frozen, Receive
from loadgen.formats.record import LoadRecord

FILE = "calibration.json"
LOAD_IMAGE = "serverlab-loadgen"  # whose ceilings they are
SMALL_BYTES = 8_192  # below it the size hardly counts beside the request itself
MOST_APART = 4.0  # times: beyond it, another size says nothing


class Cost(Frozen):
    """Of one kind of request; the first nine fields tell which, and where it holds."""

    cpu_model: str | None
    kernel: str
    image: str  # digest of the load's
    path: str
    receive: Receive = "sender"
    connection: Literal["keep-alive", "close"]
    loop: Literal["closed", "open"]
    rate_rps: float | None  # of an open loop: at a lower rate a request costs more
    body_bytes: int
    answer_bytes: float  # head and all
    cpu_us: float  # of all load workers, for each good answer
    cpu_share: float  # of one CPU, of the busiest worker
    at: str  # UTC
    lab: str  # its version

    @property
    def ceiling_rps(self) -> float:
        """Of one worker with a CPU to itself."""
        return 1e6 / self.cpu_us

    @property
    def kind(self) -> tuple[object, ...]:
        """One figure is kept of each."""
        here = (self.cpu_model, self.kernel, self.image)
        return (*here, self.path, self.receive, self.connection, self.loop, self.body_bytes)


class Calibration(Frozen):
    format: Literal[1] = 1
    costs: tuple[Cost, ...] = ()

    def with_(self, cost: Cost) -> Calibration:
        """In the place of an older figure of the same kind, if there is one."""
        others = tuple(each for each in self.costs if each.kind != cost.kind)
        return Calibration(costs=(*others, cost))


@dataclass(frozen=True)
class Ceilings:
    """Those of one host and one image of the load."""

    costs: tuple[Cost, ...] = ()

    def of(self, load: LoadRecord) -> float | None:
        """Requests a second that one worker can do at most; None where that was not measured."""
        if load.window.good == 0:
            return None
        answer_bytes = load.window.bytes / load.window.good
        kind = (load.path, load.connection, load.loop)
        alike = [each for each in self.costs if (each.path, each.connection, each.loop) == kind]
        nearest = min(alike, key=lambda each: _apart(each.answer_bytes, answer_bytes), default=None)
        if nearest is None or _apart(nearest.answer_bytes, answer_bytes) > log(MOST_APART):
            return None
        return nearest.ceiling_rps


def _apart(one_bytes: float, other_bytes: float) -> float:
    return abs(log((one_bytes + SMALL_BYTES) / (other_bytes + SMALL_BYTES)))


def read(folder: Path, host: Host, image: str, receive: Receive) -> Ceilings:
    """`image`: the digest of the load's. LabError where the file in the folder cannot be read."""
    here = (host.cpu_model, host.kernel, image, receive)
    return Ceilings(
        tuple(
            each
            for each in load(folder).costs
            if (each.cpu_model, each.kernel, each.image, each.receive) == here
        )
    )


def load(results: Path) -> Calibration:
    """Empty where nothing was calibrated yet."""
    path = results / FILE
    if not files.exists(path):
        return Calibration()
    return files.model(path, Calibration, "remove it, then make calibrate")


def write(results: Path, calibration: Calibration) -> None:
    durable.write(results / FILE, calibration.model_dump_json(indent=2) + "\n")


def known(manifest: Manifest, places: Iterable[Path]) -> Ceilings:
    """The first that are known in these folders, of the run's host, load and path."""
    host, image = manifest.host, manifest.images.get(LOAD_IMAGE, "")
    found = (read(place, host, image, manifest.receive) for place in places)
    return next((each for each in found if each.costs), Ceilings())
