"""Records of a trial in which everything is right; tests change what they are about."""

from __future__ import annotations

from typing import Any

from lab.records.ceiling import Cost
from lab.records.manifest import Manifest
from lab.records.record import Account, Counters, ServerEnd, ServerRecord
from loadgen.formats import histogram as hdr
from loadgen.formats.record import (
    Arrivals,
    Connections,
    Failures,
    Latency,
    Life,
    LoadRecord,
    LoadWorker,
    Versions,
    Window,
)

OPENS_AT_S, CLOSES_AT_S = 100.0, 110.0


def counters(read_at_s: float, cpu_s: float) -> Counters:
    return Counters(
        source="cgroup v2",
        read_at_s=read_at_s,
        cpu_s=cpu_s,
        cpu_user_s=cpu_s * 0.6,
        cpu_system_s=cpu_s * 0.4,
        memory_bytes=20_000_000,
        pids=9,
    )


def resending(segments: int) -> dict[str, Counters]:
    """Of a saturated server: so many of the window's 1,000 segments were sent again."""
    before, after = counters(OPENS_AT_S, 1.0), counters(CLOSES_AT_S, 11.0)
    return {
        "opened": before.model_copy(update={"segments_out": 0, "retransmitted": 0}),
        "closed": after.model_copy(update={"segments_out": 1_000, "retransmitted": segments}),
    }


def account(**changes: Any) -> Account:
    values: dict[str, Any] = {
        "format": 1,
        "model": "epoll",
        "accepted": 12_021,
        "answered": 12_001,
        "health": 1,
        "begun": 1,
        "aborted": 0,
        "backlog_left": 0,
        "by_status": {"200": 12_001},
        "workers": [{"accepted": 12_021, "answered": 12_001}],
        "forks": 0,
        "cpu_user_s": 6.0,
        "cpu_system_s": 4.0,
        "voluntary_switches": 6_000,
        "involuntary_switches": 0,
        "peak_rss_bytes": 21_000_000,
    }
    return Account.model_validate({**values, **changes})


def life(**changes: int) -> Life:
    values = {"connected": 12_020, "good": 12_000, "failed": 0, "aborted": 0, "probes": 1}
    return Life.model_validate({**values, "verified": 1, **changes})


def latency(values_us: dict[int, int]) -> Latency:
    histogram = hdr.from_counts(values_us)
    return Latency(
        count=sum(values_us.values()),
        min=min(values_us),
        p50=hdr.percentile(histogram, 50),
        p90=hdr.percentile(histogram, 90),
        p99=hdr.percentile(histogram, 99),
        max=max(values_us),
        mean=sum(v * n for v, n in values_us.items()) / sum(values_us.values()),
        histogram=hdr.encode(histogram),
    )


def load(
    values_us: dict[int, int] | None = None,
    failures: int = 0,
    throughput_rps: float = 1_000.0,
    **changes: Any,
) -> LoadRecord:
    answers = {500: 10_000} if values_us is None else values_us
    good = sum(answers.values())
    values: dict[str, Any] = {
        "scenario": "a test",
        "scenario_sha256": "0" * 64,
        "model": "epoll",
        "target": "127.0.0.1:8007",
        "path": "forwarded",
        "connection": "close",
        "users": 20,
        "workers": 1,
        "seed": 7,
        "opened_at_s": OPENS_AT_S,
        "closed_at_s": CLOSES_AT_S,
        "window_s": CLOSES_AT_S - OPENS_AT_S,
        "connections": Connections(requested=20, established=20, unconnected=0, unserved=0),
        "window": Window(
            requests=good + failures,
            good=good,
            failures=Failures(reset=failures),
            bytes=good * 800,
            throughput_rps=throughput_rps,
        ),
        "life": life(),
        "latency_us": latency(answers) if answers else None,
        "failure_latency_us": None,
        "series": (),
        "load_workers": (worker(),),
        "versions": Versions(python="3.13.5", locust="2.47.0", gevent="26.9.0"),
    }
    return LoadRecord.model_validate({**values, **changes})


def open_load(achieved_rps: float = 1_000.0, **changes: Any) -> LoadRecord:
    """Offered 1,000/s; service takes a fifth of the response time."""
    answers = {500: 10_000}
    values: dict[str, Any] = {
        "loop": "open",
        "rate_rps": 1_000.0,
        "throughput_rps": achieved_rps,
        "service_us": latency({100: 10_000}),
        "arrivals": Arrivals(
            process="poisson",
            due=10_000,
            offered_rps=1_000.0,
            achieved_rps=achieved_rps,
            good=10_000,
            failed=0,
            dropped=0,
            cut=0,
            queued=0,
            in_flight_mean=0.5,
            in_flight_max=4,
        ),
    }
    return load(answers, **{**values, **changes})


def worker(**changes: Any) -> LoadWorker:
    values: dict[str, Any] = {
        "name": "worker-0",
        "users": 20,
        "cpu_s": 5.0,
        "cpu_share": 0.5,
        "run_delay_s": 0.01,
        "loop_lag_p99_us": 100,
        "loop_lag_max_us": 900,
    }
    return LoadWorker.model_validate({**values, **changes})


def server(**changes: Any) -> ServerRecord:
    values: dict[str, Any] = {
        "number": 1,
        "block": 1,
        "model": "epoll",
        "users": 20,
        "seed": 7,
        "receive": "guest",
        "outcome": "ok",
        "opened": counters(OPENS_AT_S, 1.0),
        "closed": counters(CLOSES_AT_S, 10.5),
        "end": ServerEnd(exit_code=0, oom_killed=False, account=account()),
    }
    return ServerRecord.model_validate({**values, **changes})


def manifest(**changes: Any) -> Manifest:
    values: dict[str, Any] = {
        "run": "20261123T183005Z-quick",
        "state": "complete",
        "created_at": "2026-11-23T18:30:05+00:00",
        "command": ["bench"],
        "scenario": {"name": "quick", "sha256": "0" * 64, "text": "about: x\n"},
        "models": ["poll", "epoll"],
        "users": [20],
        "trials": 2,
        "path": "forwarded",
        "receive": "guest",
        "connection": "close",
        "load_workers": 1,
        "seed": 3,
        "plan": [],
        "compose_variables": {},
        "images": {"serverlab-guest": "sha256:1"},
        "git_commit": None,
        "git_dirty": None,
        "versions": {
            "lab": "0.1.0",
            "python": "3.11.2",
            "docker": "20.10.24",
            "compose": "1.29.2",
            "docker_sdk": "7.2.0",
        },
        "host": {
            "kernel": "6.1",
            "architecture": "x86_64",
            "cpu_model": None,
            "cpus": 2,
            "siblings": {"0": [0], "1": [1]},
            "governor": None,
            "memory_bytes": None,
            "cgroup_version": "1",
            "storage_driver": "overlay2",
            "userland_proxy": None,
            "sysctls": {},
            "open_files": 20_000,
        },
        "before": {"at": "2026-11-23", "load_1m": 0.1, "steal_s": 0.0, "cpu_pressure_s": None},
    }
    return Manifest.model_validate({**values, **changes})


def cost(**changes: Any) -> Cost:
    """What a request costs the load, on the host of `manifest`, by the image sha256:1."""
    host = manifest().host
    values: dict[str, Any] = {
        "cpu_model": host.cpu_model,
        "kernel": host.kernel,
        "image": "sha256:1",
        "path": "forwarded",
        "receive": "guest",
        "connection": "close",
        "loop": "closed",
        "rate_rps": None,
        "body_bytes": 615,
        "answer_bytes": 800.0,
        "cpu_us": 100.0,
        "cpu_share": 0.99,
        "at": "2026-11-23T18:30:05+00:00",
        "lab": "0.1.0",
    }
    return Cost.model_validate({**values, **changes})
