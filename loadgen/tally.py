"""What one worker counts while load runs: cheap at the moment it happens, exact at the end.

An answer belongs to the window if it is complete within [opens_at_s, closes_at_s), whenever it was
asked for: so throughput is what the server finished in the window's time, and requests slower than
the window are not lost but counted in life alone. Failures likewise. Everything is also counted
over the whole life, window or not, to be held against the server's own account.
"""

from __future__ import annotations

from collections import defaultdict
from math import inf

from loadgen.figures import FAILURES


class Timings:
    """Latencies in whole microseconds by how often, with exact sum and count."""

    __slots__ = ("counts", "total_us")

    def __init__(self) -> None:
        self.counts: dict[int, int] = defaultdict(int)
        self.total_us = 0


class Tally:
    """Instants are CLOCK_MONOTONIC seconds; `kinds` is how many requests the scenario mixes."""

    def __init__(self, kinds: int) -> None:
        self.opens_at_s = inf
        self.closes_at_s = inf
        self.connected = 0
        self.good_life = 0
        self.failed_life = 0
        self.aborted = 0
        self.bytes = 0
        self.timings = [Timings() for _ in range(kinds)]
        self.failed_timings = Timings()
        self.failures = [dict.fromkeys(FAILURES, 0) for _ in range(kinds)]
        self.failures_life = [dict.fromkeys(FAILURES, 0) for _ in range(kinds)]
        self.examples: dict[str, str] = {}
        self.seconds_good: dict[int, int] = defaultdict(int)
        self.seconds_failed: dict[int, int] = defaultdict(int)

    def good(self, kind: int, started_s: float, ended_s: float, received: int) -> None:
        self.good_life += 1
        if self.opens_at_s <= ended_s < self.closes_at_s:
            latency_us = int((ended_s - started_s) * 1e6 + 0.5)
            timings = self.timings[kind]
            timings.counts[latency_us] += 1
            timings.total_us += latency_us
            self.seconds_good[int(ended_s - self.opens_at_s)] += 1
            self.bytes += received

    def failed(self, kind: int, failure: str, words: str, started_s: float, ended_s: float) -> None:
        self.failed_life += 1
        self.failures_life[kind][failure] += 1
        self.examples.setdefault(failure, words)
        if self.opens_at_s <= ended_s < self.closes_at_s:
            latency_us = int((ended_s - started_s) * 1e6 + 0.5)
            self.failures[kind][failure] += 1
            self.failed_timings.counts[latency_us] += 1
            self.failed_timings.total_us += latency_us
            self.seconds_failed[int(ended_s - self.opens_at_s)] += 1
