"""Noise and drift: both sides of every threshold, and how often a still run is said to drift."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lab.statistics.flags import FEWEST_BLOCKS, TREND, Spread, drifts, spread, variation


def by_block(values: list[float]) -> dict[int, float]:
    return dict(enumerate(values, start=1))


def rising(share: float, blocks: int = 10) -> dict[int, float]:
    """From the first block to the last by `share` of the middle, a block's own part included."""
    return by_block(list(100 * (1 + share * (np.arange(blocks) / blocks - 0.5 + 0.5 / blocks))))


def test_variation_is_the_sample_s_deviation_over_its_mean() -> None:
    values = [9.0, 10.0, 11.0, 14.0]
    assert variation(values) == pytest.approx(stats.variation(values, ddof=1))


@pytest.mark.parametrize("values", [[], [5.0], [0.0, 0.0], [1.0, -1.0]])
def test_where_there_is_no_variation_to_speak_of(values: list[float]) -> None:
    assert variation(values) is None
    assert spread(values) is None


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (0.0, "steady"),
        (0.049, "steady"),
        (0.051, "noisy"),
        (0.099, "noisy"),
        (0.101, "unstable"),
    ],
)
def test_noisy_over_5_percent_and_unstable_over_10(share: float, word: Spread) -> None:
    unit = np.array([-1.0, 0.0, 1.0])  # whose sample deviation is 1
    assert spread(list(100 * (1 + share * unit))) == word


@pytest.mark.parametrize("share", [0.06, -0.06, 0.5])
def test_a_drift_over_5_percent_of_the_run_is_told_by_its_size(share: float) -> None:
    assert drifts(rising(share)) == pytest.approx(share)


def test_a_small_drift_is_not_worth_a_word_however_sure() -> None:
    assert drifts(rising(0.04)) is None


def test_five_blocks_cannot_say_and_six_can() -> None:
    assert drifts(rising(0.3, blocks=5)) is None
    assert drifts(rising(0.3, blocks=6)) == pytest.approx(0.3)
    assert 2 / 120 > TREND > 2 / 720, "two of the 5! orders are monotone, two of 6!"
    assert FEWEST_BLOCKS == 6


def test_one_bad_trial_hides_no_drift_and_makes_none() -> None:
    drifting = rising(0.3) | {5: 40.0}
    assert drifts(drifting) == pytest.approx(0.3, rel=0.15)
    assert drifts(rising(0.0) | {10: 40.0}) is None


def test_blocks_that_are_missing_count_as_time_that_passed() -> None:
    whole = rising(0.3, blocks=12)
    holes = {block: value for block, value in whole.items() if block not in {3, 10}}
    assert drifts(holes) == pytest.approx(drifts(whole), rel=0.01)


def test_trials_that_all_agree_do_not_drift() -> None:
    assert drifts(by_block([100.0] * 10)) is None
    assert drifts(by_block([0.0] * 9 + [1.0])) is None


@pytest.mark.parametrize("blocks", [6, 10])
@pytest.mark.parametrize("noise", [0.05, 0.3])
def test_where_nothing_drifts_at_most_2_percent_are_flagged(blocks: int, noise: float) -> None:
    chance = np.random.default_rng(blocks)
    runs = 100 * np.exp(chance.normal(0, noise, (1000, blocks)))
    flagged = [run for run in runs if drifts(by_block(list(run))) is not None]
    assert len(flagged) <= 20


def test_a_host_that_slows_by_20_percent_is_mostly_noticed() -> None:
    chance = np.random.default_rng(0)
    course = np.array(list(rising(-0.2).values()))
    runs = course * chance.normal(1, 0.03, (200, 10))
    found = [moved for run in runs if (moved := drifts(by_block(list(run)))) is not None]
    assert len(found) >= 180
    assert np.median(found) == pytest.approx(-0.2, abs=0.02)
