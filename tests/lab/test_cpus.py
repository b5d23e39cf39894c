"""CPUs: the server's and the load's are disjoint wherever there are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.host.cpus import Allotment, allot, parse_list, workers_for, write_list
from lab.run import prepare

PAIRS = {cpu: frozenset({cpu, (cpu + 2) % 4}) for cpu in range(4)}  # 0-2 and 1-3 share cores


@pytest.mark.parametrize(
    ("cpus", "siblings", "expected"),
    [
        ((0,), {}, Allotment((0,), (0,), (0,))),
        ((0, 1), {}, Allotment((1,), (0,), (0,))),
        ((0, 1, 2), {}, Allotment((2,), (0,), (1,))),
        (range(8), {}, Allotment((7,), (0, 1, 2, 3, 4, 5), (6,))),
        (range(4), PAIRS, Allotment((3,), (0,), (2,))),  # 1 stays idle beside the server
        ((0, 1), {1: frozenset({0, 1})}, Allotment((1,), (0,), (0,))),  # no other for the load
        ((4, 9), {}, Allotment((9,), (4,), (4,))),
    ],
)
def test_who_gets_which(
    cpus: range | tuple[int, ...], siblings: dict[int, frozenset[int]], expected: Allotment
) -> None:
    assert allot(cpus, siblings) == expected


@given(st.sets(st.integers(0, 255), min_size=1))
def test_disjoint_wherever_there_are_two(cpus: set[int]) -> None:
    found = allot(sorted(cpus))
    assert found.disjoint == (len(cpus) > 1)
    assert {*found.server, *found.load, *found.redis} == cpus


@given(st.sets(st.integers(0, 255), min_size=1))
def test_lists_are_read_back(cpus: set[int]) -> None:
    assert parse_list(write_list(sorted(cpus))) == tuple(sorted(cpus))


def test_the_kernels_ranges_are_understood() -> None:
    assert parse_list("0-3,6\n") == (0, 1, 2, 3, 6)
    with pytest.raises(ValueError, match="invalid literal"):
        parse_list("")


@pytest.mark.parametrize(("cpus", "workers"), [(1, 1), (2, 1), (3, 2), (64, 4)])
def test_a_worker_for_each_cpu_but_the_masters(cpus: int, workers: int) -> None:
    assert workers_for(range(cpus)) == workers


@pytest.mark.parametrize(
    ("workers", "told"),
    [
        (None, []),
        (1, []),
        (16, ["WORKERS=16: the load has 1 CPU; its workers will wait for each other"]),
    ],
)
def test_more_workers_than_the_load_has_cpus_are_questioned(
    workers: int | None, told: list[str]
) -> None:
    assert prepare.crowded(workers, Allotment((1,), (0,), (0,))) == told
