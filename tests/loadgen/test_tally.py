"""Which second an answer belongs to, and which arrivals belong to the window."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen.engine.counters import count
from loadgen.engine.mix import asks
from loadgen.engine.tally import MOST_STEPS, Tally
from loadgen.formats.scenario_reader import parse
from tests.loadgen.records import CLOSES_AT_S, OPENS_AT_S, TEXT, tally


def answer(made: Tally, at_s: float) -> None:
    """As the connection does: past an edge the step is turned first."""
    if at_s >= made.edge_s:
        made.roll(at_s)
    count(made._asks[0].times_us, 0.001)


@given(st.lists(st.floats(99, 104), max_size=40).map(sorted))
def test_every_answer_is_in_the_second_in_which_it_came(instants_s: list[float]) -> None:
    made, _ = tally()
    for at_s in instants_s:
        answer(made, at_s)
    made.finish()
    warm_up, *window, drain = (step.good for step in made.steps)
    edges_s = [OPENS_AT_S, 101.0, 102.0, CLOSES_AT_S]
    assert warm_up == sum(at_s < OPENS_AT_S for at_s in instants_s)
    assert window == [
        sum(low <= at_s < high for at_s in instants_s) for low, high in pairwise(edges_s)
    ]
    assert drain == sum(at_s >= CLOSES_AT_S for at_s in instants_s)
    assert made.good_life == len(instants_s)


def test_a_long_window_has_longer_steps() -> None:
    made = Tally(asks(parse(TEXT).requests, "x", close=True), is_open=False, keep_alive=True)
    made.plan(0.0, 3600.0, lambda _: None, lambda: 0)
    assert (made.step_s, made.window_steps) == (12.0, MOST_STEPS)


def test_each_step_is_announced_once_in_order() -> None:
    made = Tally(asks(parse(TEXT).requests, "x", close=True), is_open=False, keep_alive=True)
    turned: list[int] = []
    made.plan(10.0, 12.5, turned.append, lambda: 0)
    for now_s in (9.9, 10.0, 12.4, 20.0, 21.0):
        made.roll(now_s)
    assert turned == [0, 1, 2, 3]


@pytest.mark.parametrize("keep_alive", [True, False])
def test_connections_of_the_ramp_count_where_they_are_kept(keep_alive: bool) -> None:
    made = Tally(asks(parse(TEXT).requests, "x", close=True), is_open=False, keep_alive=keep_alive)
    made.plan(10.0, 11.0, lambda _: None, lambda: 0)
    for at_s in (9.0, 10.5, 11.5):
        made.roll(at_s)
        made.connection(at_s / 1000)
    assert made.connected == 3
    assert sorted(made.connect_us) == ([9_000, 10_500] if keep_alive else [10_500])


def test_an_open_loop_counts_what_was_due_in_the_window() -> None:
    made, [ask, _] = tally(is_open=True)
    assert made.arrivals is not None
    for due_s, now_s in ((99.9, 100.1), (100.0, 100.2), (102.4, 104.0), (102.5, 102.6)):
        made.roll(now_s)
        made.arrival_answered(ask, due_s, due_s + 0.01, now_s)
        made.failed(ask, "timeout", "late", due_s, now_s)
        made.cut(due_s)
    assert sorted(made.arrivals.times_us[0]) == [200_000, 1_600_000]
    assert sorted(made.arrivals.service_us) == [190_000, 1_590_000]
    assert (made.failures[0]["timeout"], made.failed_life) == (2, 4)
    assert (made.arrivals.cut, made.aborted) == (2, 4)
