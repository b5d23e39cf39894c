"""Sittings: what was measured without a pause, told by the clock, and what a run says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.analysis import sittings
from lab.analysis.thresholds import SITTING_PAUSE_S
from lab.records.manifest import Manifest
from lab.records.record import Counters, ServerRecord
from lab.report.report import Report
from tests.lab import records
from tests.lab.trials import WINDOW_S, around, report


def trial(number: int, at_s: float | None, started_at_s: float | None = None) -> ServerRecord:
    """`at_s`: when its window opened; None: its counters were never read."""

    def read(when_s: float | None) -> Counters | None:
        return None if when_s is None else records.counters(when_s, 1.0)

    closed = None if at_s is None else at_s + WINDOW_S
    return records.server(
        number=number, started=read(started_at_s), opened=read(at_s), closed=read(closed)
    )


@pytest.mark.parametrize(
    ("pause_s", "second"),
    [(3.0, 1), (SITTING_PAUSE_S, 1), (SITTING_PAUSE_S + 1, 2), (7_200.0, 2)],
)
def test_a_long_pause_parts_them(pause_s: float, second: int) -> None:
    trials = [trial(1, 100.0), trial(2, 100.0 + WINDOW_S + pause_s)]
    assert sittings.numbered(trials) == {1: 1, 2: second}


def test_so_does_a_host_that_was_started_anew_and_counts_from_nought() -> None:
    assert sittings.numbered([trial(1, 5_000.0), trial(2, 60.0), trial(3, 75.0)]) == {
        1: 1,
        2: 2,
        3: 2,
    }


def test_a_pause_ends_where_the_next_server_was_ready() -> None:
    """A ramp that takes minutes is none."""
    late = 110.0 + SITTING_PAUSE_S + 50
    assert sittings.numbered([trial(1, 100.0), trial(2, late, started_at_s=115.0)])[2] == 1
    assert sittings.numbered([trial(1, 100.0), trial(2, late)])[2] == 2


def test_a_trial_without_counters_belongs_to_those_before_it() -> None:
    found = sittings.numbered([trial(3, None), trial(1, None), trial(2, 100.0), trial(4, 900.0)])
    assert found == {1: 1, 2: 1, 3: 1, 4: 2}


def test_a_cell_has_its_throughputs_by_sitting() -> None:
    [cell] = report({"epoll": [100.0, 110.0]}).cells
    assert cell.sittings == ((100.0, 110.0),)
    [cell] = report({"epoll": [100.0, 110.0]}, pause_s=600).cells
    assert cell.sittings == ((100.0,), (110.0,))


def test_a_run_tells_its_sittings_where_there_are_several() -> None:
    assert not any("sittings" in line for line in report({"epoll": around(100)}).reading)
    spread = report(
        {"epoll": around(100)},
        pause_s=600,
        created_at="2026-11-25T15:40:03+00:00",
        after={
            "at": "2026-11-25T17:25:09+00:00",
            "load_1m": 0.1,
            "steal_s": 0.0,
            "cpu_pressure_s": None,
        },
    )
    assert (
        "Measured in 10 sittings, from 2026-11-25 15:40 to 2026-11-25 17:25 UTC; between them the"
        " host may have changed, which the spread of the trials shows." in spread.reading
    )


def test_a_paused_run_says_what_is_left_and_is_not_short_of_it() -> None:
    whole = report({"epoll": around(100, blocks=6)})
    paused, broken = (
        replace(whole, manifest=manifest(whole, state), results=whole.results[:3])
        for state in ("paused", "interrupted")
    )
    assert "paused: 3 of 6 trials are still to be run" in paused.doubts
    assert not paused.shortfall
    assert broken.shortfall == ["3 of 6 trials were not run to their end"]
    assert not any("paused" in line for line in [*broken.doubts, *whole.doubts])


def manifest(whole: Report, state: str) -> Manifest:
    return whole.manifest.model_copy(update={"state": state})
