"""The lab's own: a Locust master and one worker as in a trial, and what their record tells.

The master runs beside the worker as it does on a host of two CPUs, at the lowest priority. CPU
times are read at the window's edges, which the master announces.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.inside.clients import ClientError
from benchmarks.inside.measured import RATE
from benchmarks.inside.rounds import Found
from benchmarks.loadgen.inside.servers import Running
from benchmarks.loadgen.inside.sides import WARM_UP_S, Side
from benchmarks.loadgen.inside.used import Used, by_group, by_process
from loadgen.formats import histogram as hdr
from loadgen.formats.figures import Latency
from loadgen.formats.record import LoadRecord, read

PYTHON = (sys.executable, "-E", "-s", "-m", "loadgen")
ENDS_WITHIN_S = 30
PERCENTS = (50, 90, 95, 99)


def ask(side: Side, server: Running, seconds: int, cpu: int, place: Path) -> Found:
    """Values by name, and what went wrong. Raises ClientError."""
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        (folder / "scenario.yml").write_text(scenario(side, seconds))
        client, served = _trial(side, server, cpu, folder)
        return values(read(folder / "load.json"), client, served)


def values(record: LoadRecord, client: Used, server: Used) -> Found:
    """Of a record, with the CPU times of its window."""
    good = record.window.good
    [worker] = record.load_workers
    found: dict[str, float] = {
        RATE: record.window.throughput_rps,
        **client.per_request("client", good),
        **server.per_request("server", good),
        "loop_lag_p99_us": worker.loop_lag_p99_us,
        "run_delay_s": worker.run_delay_s,
        **_times("response", record.latency_us),
    }
    faults = [f"{count:,} {kind}" for kind, count in record.window.failures if count]
    if record.arrivals is not None:
        found |= _times("service", record.service_us)
        found["asked_per_s"] = record.rate_rps or 0.0
        found["achieved_per_s"] = record.arrivals.achieved_rps
        found["send_lag_p50_us"] = worker.send_lag_p50_us or 0
        found["send_lag_p99_us"] = worker.send_lag_p99_us or 0
        lost = {"dropped": record.arrivals.dropped, "cut": record.arrivals.cut}
        faults += [f"{count:,} {kind}" for kind, count in lost.items() if count]
    return found, ", ".join(faults)


def scenario(side: Side, seconds: int) -> str:
    """YAML, which JSON is."""
    told: dict[str, object] = {
        "about": "The load engine, measured.",
        "connection": "keep-alive" if side.keep_alive else "close",
        "users": side.connections,
        "warmup": f"{WARM_UP_S}s",
        "window": f"{seconds}s",
        "requests": [{"get": "/"}],
    }
    if side.think_ms:
        told["think"] = f"{side.think_ms}ms"
    if side.rate_rps:
        told |= {"rate": side.rate_rps, "arrivals": "constant"}
    return json.dumps(told)


def _times(name: str, latency: Latency | None) -> dict[str, float]:
    if latency is None:
        return {}
    whole = hdr.decode(latency.histogram, latency.min, latency.max)
    return {f"{name}_p{percent}_us": hdr.percentile(whole, percent) for percent in PERCENTS}


def _trial(side: Side, server: Running, cpu: int, folder: Path) -> tuple[Used, Used]:
    """What the worker used in the window, and what the server did."""
    environment = {
        "TRIAL": str(folder),
        "SCENARIO": str(folder / "scenario.yml"),
        "TARGET": f"127.0.0.1:{server.port}",
        "MODEL": "other",
        "USERS": str(side.connections),
        "RATE": str(side.rate_rps or ""),
    }

    def at(instant_s: float) -> tuple[Used, Used]:
        time.sleep(max(0.0, instant_s - time.monotonic()))
        return by_process(worker.pid), by_group(server.group)

    edges: list[tuple[Used, Used]] = []
    with (
        _process(["nice", "-n", "19", *PYTHON, "master"], cpu, environment, folder) as master,
        _process([*PYTHON, "worker"], cpu, environment, folder) as worker,
    ):
        assert master.stdout is not None
        for line in master.stdout:
            event = json.loads(line)
            if event["event"] == "window":
                edges = [at(event["opens_at_s"]), at(event["closes_at_s"])]
            elif event["event"] == "failed":
                raise ClientError(f"engine: {event['reason']}")
        if master.wait(ENDS_WITHIN_S) != 0 or not edges:
            raise ClientError(f"engine: the master ended with {master.returncode}")
    opened, closed = edges
    return closed[0] - opened[0], closed[1] - opened[1]


@contextmanager
def _process(
    words: list[str], cpu: int, environment: dict[str, str], folder: Path
) -> Iterator[subprocess.Popen[str]]:
    with (
        (folder / "log").open("a") as log,
        subprocess.Popen(  # noqa: S603
            ["taskset", "-c", str(cpu), *words],  # noqa: S607
            env={**os.environ, **environment},
            stdout=subprocess.PIPE if "master" in words else log,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()
