"""Where a ladder bends and why: from figures and counters alone."""

from __future__ import annotations

from dataclasses import replace

from lab.analysis.bends import bends
from lab.analysis.cells import Cell
from lab.analysis.mechanism import Mechanism
from tests.page import runs


def ladder() -> list[Cell]:
    return runs.run(models=("iterative",), users=(100, 1_000, 10_000), trials=1).cells


def changed(cells: list[Cell], last: dict[str, object]) -> list[Cell]:
    return [*cells[:-1], replace(cells[-1], **last)]  # type: ignore[arg-type]


def test_a_curve_that_keeps_its_rate_does_not_bend() -> None:
    assert list(bends(ladder())) == [("iterative", "does not bend.")]


def test_one_that_falls_bends_there_with_what_the_counters_say() -> None:
    cells = ladder()
    cpu_us = cells[0].mechanism.cpu_us
    assert cpu_us is not None
    after = Mechanism(cpu_us=2 * cpu_us, listen_overflows=1_200.0)
    [(_, said)] = bends(changed(cells, {"throughput_rps": 3_000.0, "mechanism": after}))
    assert said.startswith("bends at 10,000 users: falls to 3,000 requests/s, from 9,")
    assert "the accept queue overflowed 1,200 times" in said
    assert "us of CPU for a request instead of" in said


def test_one_whose_p99_leaps_bends_there() -> None:
    cells = ladder()
    assert cells[-1].latency is not None
    slow = replace(cells[-1].latency, p99_us=500_000_000)
    [(_, said)] = bends(changed(cells, {"latency": slow}))
    assert said.startswith("bends at 10,000 users: its p99 grows ")


def test_a_generator_that_held_back_bends_nothing() -> None:
    held_back = {"throughput_rps": 3_000.0, "limit": "generator", "ranks": False}
    [(_, said)] = bends(changed(ladder(), held_back))
    assert said == "does not bend."


def test_a_row_that_may_not_be_trusted_is_no_bend_and_ends_the_curve() -> None:
    cells = changed(ladder(), {"throughput_rps": 3_000.0, "verdict": "erroring"})
    assert list(bends(cells)) == [
        ("iterative", "does not bend up to 1,000 users, the last to be trusted.")
    ]


def test_a_run_of_two_steps_is_no_ladder() -> None:
    assert list(bends(runs.run(users=(20, 100), trials=1).cells)) == []
