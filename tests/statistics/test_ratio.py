"""Ratios by block, the sign-flip test, and Holm's correction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.statistics.ratio import holm, paired_ratio, ratio_of_medians, sign_flip


def test_a_block_effect_falls_out_of_the_ratio() -> None:
    first = {block: 110.0 * block for block in range(1, 9)}
    second = {block: 100.0 * block for block in range(1, 9)}
    found = paired_ratio(first, second)
    assert found is not None
    assert found.interval.low == pytest.approx(1.1)
    assert found.interval.high == pytest.approx(1.1)
    assert (found.blocks, found.p) == (8, 2 / 2**8)


def test_only_blocks_that_have_both_count() -> None:
    found = paired_ratio(dict.fromkeys(range(9), 1.0), dict.fromkeys(range(3, 12), 1.0))
    assert found is not None
    assert (found.blocks, found.p) == (6, 1.0)
    assert paired_ratio({1: 1.0}, {1: 1.0}) is None
    assert paired_ratio(dict.fromkeys(range(6), 0.0), dict.fromkeys(range(6), 1.0)) is None


@pytest.mark.parametrize(
    ("values", "p"),
    [
        ([1.0, 1.0, 1.0], 0.25),
        ([1.0, -1.0], 1.0),
        ([3.0, 1.0, 1.0], 0.25),
        ([1.0, 1.0, -3.0], 1.0),
        ([1.0, 2.0, -4.0], 1.0),
    ],
)
def test_every_way_of_flipping_is_counted(values: list[float], p: float) -> None:
    assert sign_flip(values) == p


def test_drawn_flips_come_near_to_all() -> None:
    values = list(np.random.default_rng(5).normal(0.4, 1.0, 15))
    exact = sum(
        abs(sum(v if way >> i & 1 else -v for i, v in enumerate(values))) >= abs(sum(values)) - 1e-9
        for way in range(2**15)
    )
    assert sign_flip(values) == pytest.approx(exact / 2**15, abs=0.015)


def test_the_test_is_right_as_often_as_it_says() -> None:
    chance = np.random.default_rng(11)
    ps = [sign_flip(list(chance.normal(0.0, 1.0, 10))) for _ in range(1_000)]
    assert 0.03 <= sum(p < 0.05 for p in ps) / 1_000 <= 0.065


def test_holm_as_in_the_textbook() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_never_lowers_a_p_nor_changes_their_order(ps: list[float]) -> None:
    adjusted = holm(ps)
    assert all(p <= a <= 1 for p, a in zip(ps, adjusted, strict=True))
    ordered = [a for _, a in sorted(zip(ps, adjusted, strict=True))]
    assert ordered == sorted(ordered)


def test_two_runs_are_compared_by_their_medians() -> None:
    chance = np.random.default_rng(2)
    found = ratio_of_medians(
        list(chance.normal(110.0, 1.0, 10)), list(chance.normal(100.0, 1.0, 10))
    )
    assert found is not None
    assert found.holds(1.1)
    assert found.low > 1.05
    assert ratio_of_medians([1.0] * 4, [1.0] * 10) is None
