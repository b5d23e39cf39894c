"""Fairness: Jain's index at its ends, and what it ignores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen.formats.shares import shares


def test_a_pool_that_serves_few() -> None:
    found = shares([100] * 8 + [0] * 42)
    assert found is not None
    assert (found.served, found.min, found.median, found.max) == (8, 0, 0, 100)
    assert found.jain == pytest.approx(8 / 50)


def test_nobody() -> None:
    assert shares([]) is None


def test_nobody_served() -> None:
    found = shares([0, 0])
    assert found is not None
    assert (found.served, found.jain) == (0, 0.0)


@given(st.lists(st.integers(0, 10_000), min_size=1).filter(any))
def test_the_index_lies_between_one_for_all_and_one_for_one(answers: list[int]) -> None:
    found = shares(answers)
    assert found is not None
    assert 1 / len(answers) - 1e-4 <= found.jain <= 1
    scaled = shares([7 * each for each in answers])
    assert scaled is not None
    assert scaled.jain == pytest.approx(found.jain, abs=2e-4)
