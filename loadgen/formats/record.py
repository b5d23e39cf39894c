"""load.json: what Locust measured in one trial. Written once, by the master; read by the lab.

Format 2   response, service, connect and first-byte times, shares of users, evidence by the second.
Format 3   limits of the generator's own are a class of failures and counted over the life;
           histograms reach to 2 hours, before to 60 s.

A file appears whole or not at all. A reader takes older formats: what they lack has a default that
says so. A newer one than it knows it refuses, rather than misread it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Literal, Self

from hdrh.histogram import HdrHistogram
from pydantic import Field, ValidationError, model_validator

from loadgen.formats.figures import (
    FAILURES,
    Arrivals,
    Asked,
    Connections,
    Count,
    Failures,
    Latency,
    Life,
    LoadWorker,
    Part,
    Second,
    Shares,
    Versions,
    Window,
    WorkerSecond,
)
from loadgen.formats.histogram import decode, empty, encode, merge, percentile

__all__ = [
    "FAILURES",
    "FORMAT",
    "Arrivals",
    "Asked",
    "Connections",
    "Failures",
    "HdrHistogram",
    "Latency",
    "Life",
    "LoadRecord",
    "LoadWorker",
    "RecordError",
    "Second",
    "Shares",
    "Versions",
    "Window",
    "WorkerSecond",
    "decode",
    "empty",
    "encode",
    "merge",
    "percentile",
    "read",
    "write",
]

FORMAT = 3


class RecordError(Exception):
    """A record that cannot be used; the message says which, why, and what to do."""


class LoadRecord(Part):
    format: Literal[2, 3] = 3
    scenario: str  # the scenario's about line
    scenario_sha256: str
    model: str
    target: str
    path: str
    connection: Literal["keep-alive", "close"]
    users: Count
    workers: Count
    seed: int
    loop: Literal["closed", "open"] = "closed"
    think_s: float = 0.0  # closed loop: between an answer and the next request
    rate_rps: float | None = None  # open loop: arrivals a second, as asked for
    opened_at_s: float  # CLOCK_MONOTONIC, as closed_at_s
    closed_at_s: float
    window_s: float
    connections: Connections
    window: Window
    life: Life
    # Of good answers; null where there were none. Closed loop: finished in the window. Open loop:
    # due in the window. Response time counts from the instant a request was due, service time from
    # the instant it was sent; in a closed loop the two are one.
    latency_us: Latency | None  # response time
    service_us: Latency | None = None
    first_byte_us: Latency | None = None  # from the sending to the first byte of the answer
    connect_us: Latency | None = None  # of connections made in the window, or in the ramp
    failure_latency_us: Latency | None
    arrivals: Arrivals | None = None  # open loop
    failure_examples: dict[str, str] = Field(
        default_factory=dict
    )  # class -> the first such failure, in words
    requests: tuple[Asked, ...] = ()
    series: tuple[Second, ...]
    load_workers: tuple[LoadWorker, ...]
    versions: Versions

    @model_validator(mode="after")
    def _good_answers_have_latencies(self) -> Self:
        timed = self.latency_us.count if self.latency_us else 0
        if (self.loop == "open") != (self.arrivals is not None):
            raise ValueError("arrivals belong to an open loop, and to nothing else")
        if self.arrivals is not None and self.arrivals.good != timed:
            raise ValueError("arrivals.good and latency_us.count differ")
        if self.arrivals is None and self.window.good != timed:
            raise ValueError("window.good and latency_us.count differ")
        return self


def read(path: Path) -> LoadRecord:
    """Raises RecordError for whatever is not a whole record of a known format."""
    try:
        return parse(path.read_bytes(), path)
    except OSError as error:
        raise RecordError(
            f"{path}: cannot be read: {error.strerror}; run the trial again"
        ) from None


def parse(written: bytes, path: Path) -> LoadRecord:
    """What was read from a path. Raises RecordError as `read` does."""
    try:
        data = json.loads(written.decode("utf-8"))
    except (ValueError, RecursionError):
        raise RecordError(f"{path}: is no JSON; run the trial again") from None
    found = data.get("format") if isinstance(data, dict) else None
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise RecordError(f"{path}: has no format number; it is no record of a trial")
    if found > FORMAT:
        raise RecordError(f"{path}: has format {found}, newer than {FORMAT}; update the lab")
    try:
        return LoadRecord.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise RecordError(f"{path}: {place}: {first['msg']}; run the trial again") from None


def write(record: LoadRecord, path: Path) -> None:
    """Under a temporary name, flushed to the disk, then renamed. OSError where that fails."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(record.model_dump_json(indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)  # the name too
    finally:
        os.close(folder)
