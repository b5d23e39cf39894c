"""The host's speed: the slowest CPU's, a median, and the process where it was before."""

from __future__ import annotations

import os

import pytest

from lab.host import cpu_speed

NO_SUCH_CPU = 4_095


def test_it_takes_time_and_leaves_the_process_where_it_was() -> None:
    before = os.sched_getaffinity(0)
    found = cpu_speed.spin_us(before)
    assert found is not None
    assert found > 1
    assert os.sched_getaffinity(0) == before


def test_the_slowest_cpu_and_the_middle_of_its_times_count(monkeypatch: pytest.MonkeyPatch) -> None:
    on: list[set[int]] = []
    times_us = {0: [500.0] * 9, 1: [800.0, 900.0, 700.0] * 3, 2: [600.0] * 8 + [9_000.0]}

    def move(_pid: int, cpus: set[int]) -> None:
        on.append(set(cpus))

    monkeypatch.setattr(os, "sched_setaffinity", move)
    monkeypatch.setattr(cpu_speed, "_spin_ns", lambda: times_us[min(on[-1])].pop() * 1000)
    assert cpu_speed.spin_us([0, 1, 2]) == 800.0
    assert on == [{0}, {1}, {2}, os.sched_getaffinity(0)]


def test_cpus_that_are_not_to_be_had_tell_nothing() -> None:
    before = os.sched_getaffinity(0)
    assert cpu_speed.spin_us([NO_SUCH_CPU]) is None
    assert os.sched_getaffinity(0) == before
