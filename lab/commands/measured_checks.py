"""What was measured of this host once, so that its runs can be judged: the ceiling of the load
generator, and the noise floor. Without them the lab works, and its reports can tell less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lab.errors import LabError
from lab.figure import counted
from lab.host.host_checks import Finding
from lab.records import ceiling, files, noise_floor
from lab.records.manifest import Host
from lab.records.noise_floor import NoiseRecord
from lab.records.record import RECEIVERS


def findings(results: Path, host: Host, image: str) -> Iterator[Finding]:
    """`image`: the digest of the load's."""
    yield _calibration(results, host, image)
    yield _noise(results, host)


def _calibration(results: Path, host: Host, image: str) -> Finding:
    try:
        known = [
            cost
            for receive in RECEIVERS
            for cost in ceiling.read(results, host, image, receive).costs
        ]
    except LabError as error:
        return Finding("calibration", "warning", error.message, error.remedy)
    if known:
        return Finding("calibration", "ok", f"{counted(len(known), 'kind')} of requests")
    text = "none for this host and load image; reports do not know the load generator's ceiling"
    return Finding("calibration", "ok", text, "make calibrate measures it")


def _noise(results: Path, host: Host) -> Finding:
    kept = sorted((results / noise_floor.FOLDER).glob("*.json"))
    known = [path.stem for path in kept if _of(path, host)]
    if known:
        return Finding("noise floor", "ok", f"known of {', '.join(known)}")
    text = "not known for this host; a small difference may be noise"
    return Finding("noise floor", "ok", text, "make noise SCENARIO=... measures it, for one")


def _of(path: Path, host: Host) -> bool:
    try:
        found = files.model(path, NoiseRecord)
    except LabError:
        return False
    here = (host.cpu_model, host.cpus, host.kernel)
    return (found.cpu_model, found.cpus, found.kernel) == here
