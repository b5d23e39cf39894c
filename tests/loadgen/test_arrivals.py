"""When requests come due: at the rate asked for, the same again, and dealt out without a gap."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from heapq import merge
from itertools import islice, pairwise
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen.engine.arrivals import Process, Share, instants, shares

ALL = Share((0,), 1)
CONNECTIONS = st.lists(st.integers(0, 40), min_size=1, max_size=8).filter(any)


@given(CONNECTIONS)
def test_a_round_is_dealt_out_exactly_in_proportion_to_connections(connections: list[int]) -> None:
    dealt = shares(connections)
    assert sorted(turn for share in dealt for turn in share.turns) == list(range(dealt[0].of))
    for share, number in zip(dealt, connections, strict=True):
        assert share.fraction == Fraction(number, sum(connections))
    assert sum(share.fraction for share in dealt) == 1, "the rate is split, and none of it lost"


@given(CONNECTIONS)
def test_at_no_time_is_a_worker_far_from_its_part(connections: list[int]) -> None:
    dealt = shares(connections)
    owner = {turn: worker for worker, share in enumerate(dealt) for turn in share.turns}
    taken: Counter[int] = Counter()
    for turn in range(dealt[0].of):
        taken[owner[turn]] += 1
        for worker, share in enumerate(dealt):
            due = share.fraction * (turn + 1)
            assert abs(taken[worker] - due) <= 1 + len(connections) * share.fraction


@given(CONNECTIONS, st.floats(0.5, 100_000))
def test_workers_together_make_one_even_stream(connections: list[int], rate_rps: float) -> None:
    dealt = shares(connections)
    parts = [instants("constant", rate_rps, share, "s") for share in dealt]
    every = list(islice(merge(*parts), 3 * dealt[0].of))
    assert every == [k / rate_rps for k in range(3 * dealt[0].of)]


@pytest.mark.parametrize("process", ["constant", "poisson"])
def test_who_has_no_connection_takes_no_arrival(process: Process) -> None:
    _, nobody = shares([3, 0])
    assert list(instants(process, 50.0, nobody, "s")) == []


def test_constant_arrivals_do_not_drift() -> None:
    stream = instants("constant", 3.0, ALL, "")
    assert next(islice(stream, 3_000_000, None)) == 1_000_000.0


@pytest.mark.parametrize("connections", [[1], [1, 3]])
def test_poisson_gaps_are_exponential(connections: list[int]) -> None:
    stream = list(islice(instants("poisson", 1000.0, shares(connections)[0], "a"), 20_000))
    gaps_s = [after - before for before, after in pairwise(stream)]
    assert mean(gaps_s) == pytest.approx(sum(connections) / 1000, rel=0.03)
    assert stdev(gaps_s) == pytest.approx(mean(gaps_s), rel=0.05)


@pytest.mark.parametrize("process", ["constant", "poisson"])
def test_the_same_seed_gives_the_same_instants(process: Process) -> None:
    def first(seed: str) -> list[float]:
        return list(islice(instants(process, 50.0, shares([2, 2])[0], seed), 50))

    assert first("one") == first("one")
    assert (first("one") == first("other")) == (process == "constant")
