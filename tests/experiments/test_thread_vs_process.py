"""The verdict on the cost of a thread and of a process follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.thread_vs_process import Created, Evidence, Served, Spread, judge

SMALL = Created(
    memory_bytes=12_000_000,
    threads_ran=400,
    children_ran=400,
    thread_us=Spread(107, 127, 131),
    process_us=Spread(736, 745, 751),
    ratio=Spread(5.4, 5.8, 7.1),
)
LARGE = replace(SMALL, memory_bytes=117_000_000, ratio=Spread(42, 43, 44))
ITERATIVE = Served(least_us=112, mid_us=142, most_us=147, workers=0, worker_bytes=0)
THREADED = Served(least_us=210, mid_us=219, most_us=232, workers=40, worker_bytes=55_000)
FORKING = Served(least_us=1917, mid_us=2168, most_us=2272, workers=40, worker_bytes=951_000)
SEEN = Evidence(SMALL, LARGE, ITERATIVE, THREADED, FORKING)
SLOW = Spread(0.7, 0.8, 0.9)
NO_TELLING = Spread(0.9, 1.1, 1.3)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, small=replace(SMALL, ratio=SLOW)), "refuted"),
        (replace(SEEN, threaded=FORKING, forking=THREADED), "refuted"),
        (replace(SEEN, small=replace(SMALL, ratio=NO_TELLING)), "inconclusive"),
        (replace(SEEN, forking=replace(FORKING, least_us=220)), "inconclusive"),
        (replace(SEEN, small=replace(SMALL, threads_ran=0)), "inconclusive"),
        (replace(SEEN, large=replace(LARGE, children_ran=0)), "inconclusive"),
        (replace(SEEN, large=SMALL), "inconclusive"),  # the ballast had no effect
        (replace(SEEN, threaded=replace(THREADED, mid_us=130)), "inconclusive"),
        (replace(SEEN, forking=replace(FORKING, workers=0)), "inconclusive"),
        (replace(SEEN, threaded=replace(THREADED, worker_bytes=0)), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
