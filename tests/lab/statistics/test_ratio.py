"""Ratios: by block, with the test against scipy's own; Holm by the book; two runs apart."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lab.statistics.ratio import (
    PairedRatio,
    holm,
    paired_ratio,
    ratio_of_medians,
    ratio_of_sittings,
    sign_flip,
)

SECOND = {1: 100.0, 2: 140.0, 3: 90.0, 4: 120.0, 5: 70.0, 6: 110.0}


def of(first: dict[int, float], second: dict[int, float]) -> PairedRatio:
    ratio = paired_ratio(first, second)
    assert ratio is not None
    return ratio


def times(factor: float, values: dict[int, float] | None = None) -> dict[int, float]:
    return {block: value * factor for block, value in (values or SECOND).items()}


def logs_of(blocks: int) -> np.ndarray:
    return np.random.default_rng(blocks).normal(0.05, 0.1, blocks)


def test_what_a_block_does_to_both_falls_out_of_the_ratio() -> None:
    ratio = of(times(1.25), SECOND)
    assert ratio.interval.mid == pytest.approx(1.25)
    assert ratio.interval.high - ratio.interval.low < 1e-9


def test_the_mean_is_geometric_so_that_halves_and_doubles_cancel() -> None:
    ratio = of({1: 200.0, 2: 50.0}, {1: 100.0, 2: 100.0})
    assert ratio.interval.mid == pytest.approx(1)


def test_turned_round_it_is_the_inverse() -> None:
    first = {block: value + block for block, value in SECOND.items()}
    there, back = of(first, SECOND), of(SECOND, first)
    assert back.interval.mid == pytest.approx(1 / there.interval.mid)
    assert back.interval.low == pytest.approx(1 / there.interval.high)
    assert back.p == there.p


def test_only_blocks_that_have_both_count() -> None:
    ratio = of({**times(1.1), 7: 5000.0}, {**SECOND, 8: 1.0})
    assert ratio.blocks == 6
    assert ratio.interval.mid == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("first", "second"),
    [({}, {}), ({1: 1.0}, {2: 1.0}), ({1: 1.0}, {1: 1.0}), ({1: 1.0, 2: 0.0}, {1: 1.0, 2: 1.0})],
    ids=["nothing", "no block in common", "one block", "a value of 0"],
)
def test_where_there_is_no_ratio(first: dict[int, float], second: dict[int, float]) -> None:
    assert paired_ratio(first, second) is None


def test_the_interval_is_that_of_scipy_s_one_sample_t_test() -> None:
    logs = logs_of(10)
    ratio = of(dict(enumerate(np.exp(logs))), dict.fromkeys(range(10), 1.0))
    theirs = stats.ttest_1samp(logs, 0).confidence_interval(0.95)
    assert np.log([ratio.interval.low, ratio.interval.high]) == pytest.approx(list(theirs))


@pytest.mark.parametrize("blocks", [2, 5, 10])
def test_the_sign_flip_test_is_exact(blocks: int) -> None:
    logs = logs_of(blocks)
    theirs = stats.permutation_test(
        (logs,), np.mean, permutation_type="samples", n_resamples=2**blocks, vectorized=False
    )
    assert sign_flip(logs) == pytest.approx(theirs.pvalue)


def test_beyond_fourteen_blocks_it_is_sampled_and_near_the_t_test() -> None:
    logs = logs_of(30) - 0.02
    assert sign_flip(logs) == pytest.approx(stats.ttest_1samp(logs, 0).pvalue, abs=0.02)
    assert sign_flip(logs, seed=1) == sign_flip(logs, seed=1)
    assert sign_flip(np.full(30, 0.1)) > 0  # no sample proves anything to be impossible


@pytest.mark.parametrize(("blocks", "p"), [(5, 2 / 32), (6, 2 / 64), (10, 2 / 1024)])
def test_the_smallest_p_there_can_be(blocks: int, p: float) -> None:
    assert sign_flip(np.linspace(0.1, 0.2, blocks)) == p


def test_two_models_that_agree_in_every_block_are_no_surprise() -> None:
    assert of(SECOND, SECOND).p == 1


def test_holm_by_the_book() -> None:
    """The example of the article on the Holm-Bonferroni method, and of R's p.adjust."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_never_exceeds_one_and_leaves_a_single_p_alone() -> None:
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


def test_ten_blocks_can_carry_all_pairs_of_seven_models_and_nine_cannot() -> None:
    for blocks, reached in ((10, True), (9, False)):
        smallest = sign_flip(np.full(blocks, 0.1))
        assert (max(holm([smallest] * 21)) < 0.05) is reached


def test_two_runs_apart() -> None:
    first = [110.0, 112.0, 108.0, 111.0, 109.0, 113.0]
    second = [100.0, 102.0, 98.0, 101.0, 99.0]
    ratio = ratio_of_medians(first, second)
    assert ratio is not None
    assert ratio.interval.mid == 110.5 / 100
    assert 1 < ratio.interval.low < ratio.interval.mid < ratio.interval.high
    assert ratio.p == 2 / 10_001  # no draw reached 1
    assert ratio_of_medians(first, second) == ratio


def test_a_run_compared_with_itself_holds_one_with_room_on_both_sides() -> None:
    values = [100.0, 102.0, 98.0, 101.0, 99.0]
    ratio = ratio_of_medians(values, values)
    assert ratio is not None
    assert ratio.interval.low < 1 < ratio.interval.high
    assert ratio.p > 0.9


@given(st.lists(st.floats(90, 110), min_size=5, max_size=10), st.floats(0.8, 1.25))
def test_p_of_two_runs_is_below_one_in_twenty_where_the_interval_excludes_one(
    trials: list[float], times: float
) -> None:
    others = [100 * times + step for step in range(6)]
    for ratio in (
        ratio_of_medians(others, trials),
        ratio_of_sittings([[each] for each in others], [trials]),
    ):
        assert ratio is not None
        nearest = min(abs(end - 1) for end in (ratio.interval.low, ratio.interval.high))
        if nearest > 1e-3:  # at the very edge the two may round apart
            assert (ratio.p < 0.05) is not ratio.interval.holds(1)


def test_two_runs_apart_need_five_trials_each_and_values_above_zero() -> None:
    assert ratio_of_medians([1.0] * 5, [1.0] * 4) is None
    assert ratio_of_medians([1.0] * 5, [0.0] * 5) is None
    assert ratio_of_medians([], []) is None


def test_of_sittings_it_is_student_s_interval_for_two_samples_of_their_means() -> None:
    first = [[100.0, 104.0], [98.0], [110.0], [95.0, 96.0, 97.0], [101.0]]
    second = [[90.0], [91.0, 95.0], [88.0], [93.0], [85.0], [99.0]]
    above, below = ([float(np.log(each).mean()) for each in run] for run in (first, second))
    expected = stats.ttest_ind(above, below).confidence_interval(0.95)
    found = ratio_of_sittings(first, second)
    assert found is not None
    span = found.interval
    assert np.log([span.low, span.high]) == pytest.approx([expected.low, expected.high])
    assert span.mid == pytest.approx(np.exp(np.mean(above) - np.mean(below)))
    assert found.p == pytest.approx(stats.ttest_ind(above, below).pvalue)


def test_sittings_that_all_agree_leave_no_doubt() -> None:
    for now, p in ((100.0, 1.0), (101.0, 0.0)):
        found = ratio_of_sittings([[now] * 5], [[100.0]] * 5)
        assert found is not None
        assert found.p == p


def test_one_sitting_is_held_against_what_the_others_differ_by() -> None:
    """The textbook's interval for one more value: t with n - 1 degrees, by s * sqrt(1 + 1/n)."""
    others = [[100.0], [103.0], [99.0], [97.0], [106.0]]
    logs = np.log(others)[:, 0]
    found = ratio_of_sittings([[100.0] * 5], others)
    assert found is not None
    reach = stats.t.ppf(0.975, 4) * logs.std(ddof=1) * np.sqrt(1 + 1 / 5)
    assert np.log(found.interval.high / found.interval.mid) == pytest.approx(reach)
    turned = ratio_of_sittings(others, [[100.0] * 5])
    assert turned is not None
    assert astuple(turned.interval) == pytest.approx(astuple(found.interval.inverse))
    assert turned.p == pytest.approx(found.p)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([[1.0]] * 4, [[1.0] * 5]),  # four sittings at most
        ([[1.0]] * 5, [[1.0] * 4]),  # four trials
        ([[1.0]] * 5, [[1.0, 1.0, 0.0, 1.0, 1.0]]),
    ],
)
def test_where_sittings_tell_nothing(first: list[list[float]], second: list[list[float]]) -> None:
    assert ratio_of_sittings(first, second) is None
    assert ratio_of_sittings(second, first) is None
