"""Gives Locust its own statistics, in batches, so that its tables, UI and exit code are right.

Firing Locust's request event for each answer would cost more than the answer. A batch is fed when
the load has ended or, in the web UI, each second: never in a measured window, where it would stop
every user for a millisecond. Locust rounds: load.json is the record, this is for its readers.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from locust.stats import StatsEntry, StatsError

from loadgen.engine.counters import Times
from loadgen.formats.scenario import Scenario


def feed(
    stats: Any,
    scenario: Scenario,
    lengths: Sequence[int],
    times_us: Sequence[Times],
    failures: Sequence[Mapping[str, int]],
) -> None:
    """`stats` is Locust's RequestStats; lists run along the scenario's requests. `lengths`: of
    their bodies."""
    now_s = time.time()
    for request, length, times, failed in zip(
        scenario.requests, lengths, times_us, failures, strict=True
    ):
        for entry in (stats.get(request.target, request.method), stats.total):
            _answers(entry, length, times, now_s)
            _failures(entry, sum(failed.values()), now_s)
        for failure, count in failed.items():
            if count:
                key = StatsError.create_key(request.method, request.target, failure)
                error = StatsError(request.method, request.target, failure, 0)
                stats.errors.setdefault(key, error).occurrences += count


def _answers(entry: StatsEntry, length: int, times_us: Times, now_s: float) -> None:
    if not times_us:
        return
    count = sum(times_us.values())
    entry.num_requests += count
    entry.total_content_length += count * length
    entry.num_reqs_per_sec[int(now_s)] = entry.num_reqs_per_sec.get(int(now_s), 0) + count
    entry.last_request_timestamp = now_s
    entry.total_response_time += sum(us * many for us, many in times_us.items()) / 1000
    least_ms, greatest_ms = min(times_us) / 1000, max(times_us) / 1000
    entry.min_response_time = min(entry.min_response_time or least_ms, least_ms)
    entry.max_response_time = max(entry.max_response_time, greatest_ms)
    for us, many in times_us.items():
        # Locust's own buckets are whole milliseconds, which most answers here take less than.
        entry.response_times[float(f"{us / 1000:.3g}")] += many


def _failures(entry: StatsEntry, count: int, now_s: float) -> None:
    if count:
        entry.num_requests += count
        entry.num_failures += count
        entry.last_request_timestamp = now_s  # a page over a dead server shows its rate as well
        entry.num_reqs_per_sec[int(now_s)] = entry.num_reqs_per_sec.get(int(now_s), 0) + count
        entry.num_fail_per_sec[int(now_s)] = entry.num_fail_per_sec.get(int(now_s), 0) + count
