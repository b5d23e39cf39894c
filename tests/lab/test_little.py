"""Little's law: on both sides of what it tolerates, and where it has nothing to say."""

from __future__ import annotations

from typing import Any

import pytest

from lab.analysis.little import inconsistent
from tests.lab import records


def load(rate: float, connection: str = "keep-alive", served: int = 20, **changes: Any) -> Any:
    """Twenty users whose answers take 10 ms: 2,000 a second is what adds up."""
    shares = {"served": served, "min": 0, "median": 1, "max": 2, "jain": 0.9}
    connections = {
        "requested": 20, "established": 20, "unconnected": 0, "unserved": 20 - served,
        "shares": shares,
    }  # fmt: skip
    values = {"connection": connection, "connections": connections, **changes}
    return records.load({10_000: 10_000}, throughput_rps=rate, **values)


@pytest.mark.parametrize(
    ("rate", "adds_up"),
    [(2_000, True), (2_099, True), (2_101, False), (1_901, True), (1_899, False)],
)
def test_users_are_rate_times_latency(rate: float, adds_up: bool) -> None:
    assert (inconsistent(load(rate)) is None) == adds_up


def test_who_waits_for_a_fin_is_in_no_answer() -> None:
    assert inconsistent(load(1_000, "close")) is None
    assert inconsistent(load(2_200, "close")) is not None


def test_users_think_too() -> None:
    assert inconsistent(load(1_000, think_s=0.01)) is None
    assert inconsistent(load(2_000, think_s=0.01)) is not None


def test_only_those_who_were_served_count() -> None:
    assert inconsistent(load(800, served=8)) is None
    assert inconsistent(load(2_000, served=8)) is not None


def test_it_says_nothing_of_open_loops_nor_without_answers() -> None:
    assert inconsistent(records.open_load(10_000.0)) is None
    assert inconsistent(records.load({})) is None
