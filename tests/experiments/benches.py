"""Benches as evidence, in which everything is right; tests change what they are about."""

from __future__ import annotations

from typing import Any

from lab.claims import Measured, Ratio, Row


def row(model: str, users: int = 32, **changes: Any) -> Row:
    values: dict[str, Any] = {
        "trials": 3,
        "requests_per_s": 1_000.0,
        "low_per_s": None,
        "high_per_s": None,
        "p50_us": 10_000,
        "p99_us": 20_000,
        "cpu_us": 100.0,
        "memory_bytes": 20_000_000.0,
        "limit": "server",
        "unanswered": 0,
        "failures": 0,
    }
    return Row(model=model, users=users, **{**values, **changes})


def ratio(
    first: str, second: str, mid: float, users: int = 32, *, off: float = 0.05, apart: bool = False
) -> Ratio:
    """`off`: how far the ends of its interval are, as a share."""
    return Ratio(first, second, users, mid * (1 - off), mid, mid * (1 + off), apart)


def measured(
    rows: list[Row], ratios: list[Ratio] | None = None, cpu_ratios: list[Ratio] | None = None
) -> Measured:
    return Measured("a-run", tuple(rows), tuple(ratios or ()), tuple(cpu_ratios or ()))
