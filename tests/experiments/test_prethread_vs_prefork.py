"""The verdict on threads and processes follows from the evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from experiments._workers import Pool
from experiments.prethread_vs_prefork import Evidence, bars, judge
from lab.claims import Measured
from tests.experiments.benches import measured, ratio, row

PROCESSES = Pool(workers=8, made=0, cpus=1.9)
THREADS = Pool(workers=8, made=0, cpus=1.9)  # on a Python without a GIL
LOCKED = replace(THREADS, cpus=1.0)
ONE_CPU = replace(PROCESSES, cpus=1.0)
MAKES = replace(THREADS, made=100)


def bench(gain: float, off: float, **more: Any) -> Measured:
    """CPU for a request, processes over threads; `more`: of both rows."""
    rows = [row("preforked", **{"cpu_us": 100.0 * gain, **more}), row("prethreaded", **more)]
    return measured(rows, cpu_ratios=[ratio("preforked", "prethreaded", gain, off=off)])


def evidence(
    fresh: float,
    staying: float,
    processes: Pool = PROCESSES,
    threads: Pool = LOCKED,
    off: float = 0.03,
    **more: Any,
) -> Evidence:
    return Evidence(processes, threads, bench(fresh, off, **more), bench(staying, off))


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (evidence(0.88, 1.25), "refined"),  # better only on connections that stay
        (
            evidence(1.3, 1.3),
            "refined",
        ),  # better, but for another reason, and not where it computes
        (evidence(1.3, 1.3, threads=THREADS), "refined"),  # for another reason
        (evidence(1.3, 1.3, threads=MAKES), "supported"),
        (evidence(1.0, 1.0), "refuted"),
        (evidence(0.8, 0.8), "refuted"),
        (evidence(1.05, 1.05), "refuted"),  # less than hosts differ from themselves by
        (evidence(1.3, 1.3, processes=replace(PROCESSES, workers=0)), "inconclusive"),
        (evidence(1.3, 1.3, threads=replace(LOCKED, workers=1)), "inconclusive"),
        (evidence(1.3, 1.3, failures=1), "inconclusive"),
        (evidence(1.3, 1.3, unanswered=24), "inconclusive"),  # more users than workers
        (replace(evidence(1.3, 1.3), staying=measured([])), "inconclusive"),
        (evidence(1.3, 1.3, processes=replace(PROCESSES, cpus=0.0)), "inconclusive"),
        (evidence(1.2, 1.2, off=0.4), "inconclusive"),
        (evidence(0.9, 1.2, off=0.19), "inconclusive"),  # the one that could be better holds 1
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome


def test_the_lock_is_named_only_where_it_shows() -> None:
    assert "GIL" in judge(evidence(0.88, 1.25)).sentence
    assert "could not show" in judge(evidence(0.88, 1.25, processes=ONE_CPU)).sentence
    assert len(bars(evidence(0.88, 1.25)).values) == 4
