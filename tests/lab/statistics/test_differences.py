"""Simulated runs whose answer is known: what is there is found, what is not is seldom claimed."""

from __future__ import annotations

import numpy as np
import pytest

from tests.simulations.differences import NOISES, Noise, claims_among_equals, known_difference

NORMAL = NOISES[0]


def test_ten_percent_under_five_percent_of_noise_is_found_by_ten_blocks() -> None:
    judged = known_difference(NORMAL, blocks=10, runs=400)
    assert judged.claimed >= 0.93
    assert 0.925 <= judged.holds <= 0.98
    assert judged.holds_apart >= 0.93


def test_five_blocks_claim_nothing_but_their_interval_is_as_good() -> None:
    judged = known_difference(NORMAL, blocks=5, runs=400)
    assert judged.claimed == 0
    assert judged.holds >= 0.92


@pytest.mark.parametrize("noise", NOISES, ids=lambda noise: noise.name)
def test_seven_equal_models_seldom_claim_a_difference(noise: Noise) -> None:
    """In 4.1 % of runs at most, by the smallest p that 10 blocks have (21 times 2 in 1,024)."""
    assert claims_among_equals(noise, blocks=10, runs=400) <= 0.05


@pytest.mark.parametrize("noise", NOISES, ids=lambda noise: noise.name)
def test_the_median_of_a_noise_is_what_it_says(noise: Noise) -> None:
    drawn = noise.draw(np.random.default_rng(0), (200_000,))
    assert np.median(drawn) == pytest.approx(noise.median, rel=0.005)
