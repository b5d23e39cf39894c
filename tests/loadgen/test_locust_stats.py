"""What Locust's statistics hold after a batch, against what Locust makes of the same answers.

Locust is not installed where the lab is developed: there these are skipped, and
tests/e2e/test_ui.py runs them in the image of the load.
"""

from __future__ import annotations

from typing import Any

import pytest

from loadgen.formats.figures import FAILURES
from loadgen.formats.scenario_reader import parse

stats_of_locust: Any = pytest.importorskip("locust.stats")

SCENARIO = parse("about: x\nrequests: [{get: /a}, {post: /b}]\n")
TIMES_US = [{1_400: 3, 22_000: 2, 400: 1}, {150_000: 4}]
LENGTHS = [600, 20]
FAILED = {**dict.fromkeys(FAILURES, 0), "reset": 2, "timeout": 1}
NONE = dict.fromkeys(FAILURES, 0)


def fed(*batches: tuple[list[dict[int, int]], list[dict[str, int]]]) -> Any:
    from loadgen.locust.stats import feed  # noqa: PLC0415 - it imports Locust

    made = stats_of_locust.RequestStats()
    for times_us, failures in batches:
        feed(made, SCENARIO, LENGTHS, times_us, failures)
    return made


def logged() -> Any:
    """The same answers, one by one, as Locust counts them."""
    made = stats_of_locust.RequestStats()
    for request, length, times in zip(SCENARIO.requests, LENGTHS, TIMES_US, strict=True):
        for us, many in times.items():
            for _ in range(many):
                made.log_request(request.method, request.target, us / 1000, length)
    return made


@pytest.mark.parametrize("name", [("/a", "GET"), ("/b", "POST"), None])
def test_a_batch_is_worth_its_answers_one_by_one(name: tuple[str, str] | None) -> None:
    ours, theirs = fed((TIMES_US, [NONE, NONE])), logged()
    entry, wanted = ((made.get(*name) if name else made.total) for made in (ours, theirs))
    assert entry.num_requests == wanted.num_requests > 0
    assert entry.num_failures == 0
    assert sum(entry.response_times.values()) == sum(wanted.response_times.values())
    assert entry.avg_content_length == wanted.avg_content_length > 0
    assert entry.avg_response_time == pytest.approx(wanted.avg_response_time)
    assert (entry.min_response_time, entry.max_response_time) == (
        wanted.min_response_time,
        wanted.max_response_time,
    )
    for percent in (0.5, 0.95, 1.0):
        ours_ms, theirs_ms = (
            each.get_response_time_percentile(percent) for each in (entry, wanted)
        )
        assert stats_of_locust.bucket_response_time(ours_ms) == theirs_ms


def test_times_below_a_millisecond_are_no_zeros() -> None:
    assert fed((TIMES_US, [NONE, NONE])).get("/a", "GET").get_response_time_percentile(0.01) == 0.4


def test_failures_are_requests_too_and_errors_by_their_class() -> None:
    ours = fed((TIMES_US, [FAILED, NONE]))
    entry = ours.get("/a", "GET")
    assert (entry.num_requests, entry.num_failures) == (6 + 3, 3)
    assert (ours.total.num_requests, ours.total.num_failures) == (10 + 3, 3)
    assert ours.get("/b", "POST").num_failures == 0
    assert {(each.name, str(each.error), each.occurrences) for each in ours.errors.values()} == {
        ("/a", "reset", 2),
        ("/a", "timeout", 1),
    }


def test_batches_add_up() -> None:
    batch = (TIMES_US, [FAILED, NONE])
    once, twice = fed(batch), fed(batch, batch)
    assert twice.total.num_requests == 2 * once.total.num_requests
    assert twice.total.num_failures == 2 * once.total.num_failures
    assert twice.total.avg_response_time == pytest.approx(once.total.avg_response_time)
    assert sum(each.occurrences for each in twice.errors.values()) == 6


def test_failures_alone_show_at_their_rate() -> None:
    """A page over a dead server must not stand still: Locust's rates ask when something ended."""
    total = fed(([{}, {}], [FAILED, NONE])).total
    assert total.last_request_timestamp is not None
    assert sum(total.num_fail_per_sec.values()) == 3


def test_an_empty_batch_leaves_no_trace() -> None:
    total = fed(([{}, {}], [NONE, NONE])).total
    assert (total.num_requests, total.last_request_timestamp) == (0, None)
