"""When requests come due: at the rate asked for, the same again, and shared out without a gap."""

from __future__ import annotations

from itertools import islice, pairwise
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen.arrivals import Process, instants


@given(st.integers(1, 5), st.floats(0.5, 100_000))
def test_workers_together_make_one_even_stream(workers: int, rate_rps: float) -> None:
    parts = [
        list(islice(instants("constant", rate_rps, worker=w, workers=workers, seed="s"), 20))
        for w in range(workers)
    ]
    every = sorted(instant for part in parts for instant in part)
    assert every == pytest.approx([k / rate_rps for k in range(20 * workers)])


def test_constant_arrivals_do_not_drift() -> None:
    stream = instants("constant", 3.0, worker=0, workers=1, seed="")
    assert next(islice(stream, 3_000_000, None)) == 1_000_000.0


@pytest.mark.parametrize("workers", [1, 4])
def test_poisson_gaps_are_exponential(workers: int) -> None:
    stream = list(islice(instants("poisson", 1000.0, worker=1, workers=workers, seed="a"), 20_000))
    gaps_s = [after - before for before, after in pairwise(stream)]
    assert mean(gaps_s) == pytest.approx(workers / 1000, rel=0.03)
    assert stdev(gaps_s) == pytest.approx(mean(gaps_s), rel=0.05)


@pytest.mark.parametrize("process", ["constant", "poisson"])
def test_the_same_seed_gives_the_same_instants(process: Process) -> None:
    def first(seed: str) -> list[float]:
        return list(islice(instants(process, 50.0, worker=0, workers=2, seed=seed), 50))

    assert first("one") == first("one")
    assert (first("one") == first("other")) == (process == "constant")
