"""Gives Locust its own statistics, in one batch at the end, so that its summary is right.

Firing Locust's request event for each answer would cost more than the answer; so would books kept
during the window. Locust rounds: load.json is the record, this is for those who read Locust.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from locust.stats import StatsEntry, StatsError, bucket_response_time

from loadgen import histogram as hdr
from loadgen.report import WorkerReport, latency
from loadgen.scenario import Scenario
from loadgen.wire import clock


def feed(
    stats: Any,
    reports: Sequence[WorkerReport],
    scenario: Scenario,
    opened_at_s: float,
    closed_at_s: float,
) -> None:
    """`stats` is Locust's RequestStats; it gets what the window holds."""
    epoch_s = time.time() - clock()
    for kind, request in enumerate(scenario.requests):
        name, method = request.target, request.method
        times = latency([report.timed[kind] for report in reports])
        failures: dict[str, int] = {}
        for report in reports:
            for failure, count in report.failures[kind].model_dump().items():
                failures[failure] = failures.get(failure, 0) + count
        for entry in (stats.get(name, method), stats.total):
            _times(entry, times)
            entry.num_requests += sum(failures.values())
            entry.num_failures += sum(failures.values())
            entry.start_time = epoch_s + opened_at_s
            entry.last_request_timestamp = epoch_s + closed_at_s
        for failure, count in failures.items():
            if count:
                error = StatsError(method, name, failure, count)
                stats.errors[StatsError.create_key(method, name, failure)] = error


def _times(entry: StatsEntry, times: Any) -> None:
    if times is None:
        return
    entry.num_requests += times.count
    entry.total_response_time += times.mean * times.count / 1000
    least_ms = times.min / 1000
    entry.min_response_time = min(entry.min_response_time or least_ms, least_ms)
    entry.max_response_time = max(entry.max_response_time, times.max / 1000)
    for value_us, count in hdr.steps(hdr.decode(times.histogram)):
        entry.response_times[bucket_response_time(value_us / 1000)] += count
