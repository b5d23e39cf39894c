"""The search for a limit: against curves whose limit is known, and with a bad trial among them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.analysis.found_rate import SearchRecord, finding, knee, lines
from lab.analysis.search import (
    LEAST_RPS,
    MOST_RPS,
    RESOLUTION,
    START_RPS,
    Tried,
    bracket,
    next_rate,
)

capacities = st.floats(2.0, 400_000.0)
AMPLE = 60


def trial(rate_rps: float, capacity_rps: float, at_us: int = 900) -> Tried:
    """What a server of this capacity makes of a rate."""
    passed = rate_rps <= capacity_rps
    return Tried(
        trial=f"r{rate_rps:g}",
        rate_rps=rate_rps,
        passed=passed,
        why=None if passed else "too slow",
        at_us=at_us,
        achieved_rps=min(rate_rps, capacity_rps),
        kept_up=passed,
    )


def sought(trials: int, ask: Callable[[float, int], Tried]) -> list[Tried]:
    """All trials that the search asks for; `ask` gets the rate and how many went before."""
    tried: list[Tried] = []
    while (rate_rps := next_rate(tried, trials)) is not None:
        assert LEAST_RPS <= rate_rps <= MOST_RPS
        tried.append(ask(rate_rps, len(tried)))
    return tried


@given(capacities, st.integers(3, 100))
def test_the_trials_suffice_and_the_limit_lies_within_the_bracket(
    capacity_rps: float, trials: int
) -> None:
    tried = sought(trials, lambda rate, _: trial(rate, capacity_rps))
    assert len(tried) <= trials
    low, high = bracket(tried)
    assert low is None or low <= capacity_rps
    assert high is None or high > capacity_rps
    found = finding("epoll", 100, tried)
    assert found.limit_rps == (low if low and high else None)
    assert (found.reason is None) == (found.limit_rps is not None)


@given(capacities)
def test_with_trials_enough_the_limit_is_found_to_two_per_cent(capacity_rps: float) -> None:
    tried = sought(AMPLE, lambda rate, _: trial(rate, capacity_rps))
    low, high = bracket(tried)
    assert low is not None
    assert high is not None
    assert high / low <= RESOLUTION
    assert len(tried) < AMPLE


@given(st.floats(20.0, 60_000.0))
def test_twelve_trials_come_within_a_quarter(capacity_rps: float) -> None:
    low, high = bracket(sought(12, lambda rate, _: trial(rate, capacity_rps)))
    assert low is not None
    assert high is not None
    assert high / low <= 1.25


@given(capacities, st.integers(0, 40))
def test_one_bad_trial_changes_nothing(capacity_rps: float, bad: int) -> None:
    def noisy(rate_rps: float, before: int) -> Tried:
        return trial(rate_rps, 0.5 if before == bad else capacity_rps)

    low, high = bracket(sought(AMPLE, noisy))
    assert low is not None
    assert high is not None
    assert low <= capacity_rps < high
    assert high / low <= RESOLUTION


@given(capacities, st.integers(3, 30))
def test_the_next_rate_follows_from_what_was_tried(capacity_rps: float, trials: int) -> None:
    tried = sought(trials, lambda rate, _: trial(rate, capacity_rps))
    for kept in range(len(tried)):
        assert next_rate(tried[:kept], trials) == tried[kept].rate_rps


def test_doubling_then_bisection_with_each_failure_tried_again() -> None:
    tried = sought(9, lambda rate, _: trial(rate, 5_000))
    rates = [each.rate_rps for each in tried]
    assert rates == [1000, 2000, 4000, 8000, 8000, 5660, 5660, 4760, 5190]


def test_a_slow_server_is_found_by_what_it_achieved() -> None:
    tried = sought(8, lambda rate, _: trial(rate, 30.4))
    rates = [each.rate_rps for each in tried]
    assert rates == [1000, 1000, 30.4, 60.8, 60.8, 43, 43, 36.2]


def test_where_all_fails_there_is_no_limit() -> None:
    found = finding("forking", 100, sought(40, lambda rate, _: trial(rate, 0.5)))
    assert (found.limit_rps, found.low_rps, found.high_rps) == (None, None, LEAST_RPS)
    assert found.reason == "even 1/s, the lowest rate tried, did not meet it"


def test_where_nothing_fails_there_is_no_limit() -> None:
    found = finding("epoll", 100, sought(40, lambda rate, _: trial(rate, 2e6)))
    assert (found.limit_rps, found.high_rps, found.low_rps) == (None, None, MOST_RPS)
    assert found.reason == "even 1,000,000/s, the highest rate tried, met it"
    few = finding("epoll", 100, sought(3, lambda rate, _: trial(rate, 2e6)))
    assert few.reason == "even 4,000/s, the highest rate tried, met it"


def test_where_the_generator_gave_out_nothing_is_said_of_the_server() -> None:
    def weak(rate_rps: float, _: int) -> Tried:
        return trial(rate_rps, 3_000).model_copy(update={"generator_bound": rate_rps > 2_500})

    found = finding("epoll", 100, sought(20, weak))
    assert found.limit_rps is None
    assert found.reason is not None
    assert "the load generator gave out" in found.reason
    assert found.low_rps is not None


@given(capacities.filter(lambda capacity: capacity > 4 * START_RPS))
def test_the_knee_lies_below_the_limit(capacity_rps: float) -> None:
    """Of a queue whose time grows as 1 / (1 - utilisation): twice the idle time at half of it."""

    def queue(rate_rps: float, _: int) -> Tried:
        use = min(rate_rps / capacity_rps, 0.999)
        return trial(rate_rps, 0.95 * capacity_rps, at_us=round(1_000 / (1 - use)))

    tried = sought(20, queue)
    found = knee(tried)
    assert found is not None
    idle = 1 - START_RPS / capacity_rps
    assert found / capacity_rps <= 1 - idle / 2 + 0.01


@pytest.mark.parametrize(
    ("curve", "found"),
    [
        ([(100, 10), (200, 15), (400, 20), (800, 21)], 400),
        ([(100, 10), (200, 25), (400, 15), (800, 90)], 100),  # it does not bend back
        ([(100, 10), (200, 25), (200, 15), (400, 90)], 200),  # the better of two trials
        ([(100, 10), (200, 11)], None),  # not bent yet
        ([(100, 10)], None),
        ([], None),
    ],
)
def test_the_knee_is_the_last_rate_within_twice_the_time_of_the_lowest(
    curve: list[tuple[float, int]], found: float | None
) -> None:
    assert knee([trial(rate, 1e6, at_us) for rate, at_us in curve]) == found


def test_a_rate_that_the_server_does_not_keep_up_with_lies_beyond_the_knee() -> None:
    assert knee([trial(rate, 500) for rate in (100, 400, 800)]) == 400


def test_the_answers_in_words() -> None:
    good = finding("epoll", 100, sought(9, lambda rate, _: trial(rate, 5_000)))
    none = finding("forking", 100, [trial(1_000, 500), trial(1_000, 500)])
    record = SearchRecord(percentile="p99", within_ms=10, trials=9, findings=(good, none))
    assert lines(record) == [
        "epoll, 100 connections: p99 within 10 ms up to 4,760/s, not at 5,190/s; knee at 4,760/s"
        " (9 trials)",
        "forking, 100 connections: no limit for p99 within 10 ms: even 1,000/s, the lowest rate"
        " tried, did not meet it (2 trials)",
    ]
    assert SearchRecord.model_validate_json(record.model_dump_json()) == record
