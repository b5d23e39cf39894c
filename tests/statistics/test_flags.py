"""Scatter and drift: on both sides of their thresholds, and no crying wolf."""

from __future__ import annotations

import numpy as np
import pytest

from lab.statistics.flags import drifts, spread


@pytest.mark.parametrize(
    ("off", "word"),
    [(0.0, "steady"), (3.5, "steady"), (3.6, "noisy"), (7.0, "noisy"), (7.1, "unstable")],
)
def test_the_coefficient_of_variation_is_named(off: float, word: str) -> None:
    """Of two values 100 +- off it is off * sqrt(2) percent."""
    assert spread([100 - off, 100 + off]) == word


def test_one_trial_does_not_scatter() -> None:
    assert spread([5.0]) is None
    assert spread([0.0, 0.0]) is None


def test_a_steady_rise_is_a_drift() -> None:
    found = drifts({block: 100.0 + 2 * block for block in range(1, 11)})
    assert found == pytest.approx(18 / 111)


def test_a_rise_of_little_is_none() -> None:
    assert drifts({block: 100.0 + 0.4 * block for block in range(1, 11)}) is None


def test_few_blocks_and_one_wild_trial_are_none() -> None:
    assert drifts({block: 100.0 * block for block in range(5)}) is None
    assert drifts({block: 100.0 + (900 if block == 10 else 0) for block in range(1, 11)}) is None


def test_it_seldom_cries_wolf() -> None:
    chance = np.random.default_rng(3)
    cries = sum(
        drifts(dict(enumerate(map(float, chance.normal(100, 10, 10))))) is not None
        for _ in range(500)
    )
    assert cries <= 10
