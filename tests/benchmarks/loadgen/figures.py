"""Figures as a good run has them, for the tests to bend."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.inside.measured import Measured
from benchmarks.loadgen.claims import analytic_s
from benchmarks.record import Record

SERVICE_US = 100.0
COSTS = {"client_user_us": 2.0, "client_system_us": 5.0} | {
    "server_user_us": 1.0,
    "server_system_us": 6.0,
}
RESPONSE = {"response_p50_us": 4000.0, "response_p90_us": 5600.0, "response_p99_us": 6000.0}
STALLED = {
    f"response_p{percent}_us": analytic_s(percent, SERVICE_US / 1e6) * 1e6
    for percent in (50, 90, 95, 99)
} | {f"service_p{percent}_us": SERVICE_US for percent in (50, 90, 95, 99)}

GOOD: dict[tuple[str, str], dict[str, float]] = {
    ("keep-alive", "engine"): {"rate_per_s": 100_000.0, "run_delay_s": 0.03, **COSTS},
    ("keep-alive", "wrk"): {"rate_per_s": 100_000.0, **COSTS},
    ("keep-alive", "FastHttpUser"): {"rate_per_s": 10_000.0, **COSTS},
    ("fresh", "engine"): {"rate_per_s": 15_000.0, **COSTS},
    ("fresh", "wrk"): {"rate_per_s": 14_000.0, **COSTS},
    ("fresh", "ab"): {"rate_per_s": 15_000.0, **COSTS},
    ("rate", "engine"): {
        "rate_per_s": 10_000.0,
        "asked_per_s": 10_000.0,
        "achieved_per_s": 10_000.0,
        "send_lag_p99_us": 60.0,
    },
    ("stall", "open"): {"rate_per_s": 1_000.0, **STALLED},
    ("stall", "closed"): {"rate_per_s": 900.0, **STALLED},
    ("percentiles", "engine"): {"rate_per_s": 2_400.0, **RESPONSE},
    ("percentiles", "wrk"): {"rate_per_s": 2_400.0, **RESPONSE},
    ("crowd", "engine"): {
        "established": 15_000.0,
        "served": 15_000.0,
        "ramp_s": 5.0,
        "memory_bytes": 200e6,
    },
    ("counts", "keep-alive"): {"requests": 1_100_000.0, "differing": 0.0},
    ("counts", "fresh"): {"requests": 1_100_000.0, "differing": 0.0},
}


def figures(rounds: int = 1, changed: Mapping[str, float] | None = None) -> list[Measured]:
    """Of every side; `changed`: `row side value` -> another number, in all rounds."""
    values = {key: dict(found) for key, found in GOOD.items()}
    for name, value in (changed or {}).items():
        row, side, which = name.split()
        values[row, side][which] = value
    return [
        Measured(row, side, number, dict(found))
        for (row, side), found in values.items()
        for number in range(1, (1 if row in ("crowd", "counts") else rounds) + 1)
    ]


def record(found: list[Measured], pairs: int = 1) -> Record:
    return Record(
        at="2026-11-24T19:00+00:00",
        command="make generator PAIRS=1",
        pairs=pairs,
        seconds=3,
        host={"CPU": "Abacus, 2 online"},
        versions={"wrk": "wrk 4.1"},
        figures=found,
    )
