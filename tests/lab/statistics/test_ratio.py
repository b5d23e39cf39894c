"""Ratios: by block, with the test against scipy's own; Holm by the book; two runs apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lab.statistics.ratio import Ratio, holm, paired_ratio, ratio_of_medians, sign_flip

SECOND = {1: 100.0, 2: 140.0, 3: 90.0, 4: 120.0, 5: 70.0, 6: 110.0}


def of(first: dict[int, float], second: dict[int, float]) -> Ratio:
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
    interval = ratio_of_medians(first, second)
    assert interval is not None
    assert interval.mid == 110.5 / 100
    assert interval.low < interval.mid < interval.high
    assert not interval.holds(1)
    assert ratio_of_medians(first, second) == interval


def test_a_run_compared_with_itself_holds_one_with_room_on_both_sides() -> None:
    values = [100.0, 102.0, 98.0, 101.0, 99.0]
    interval = ratio_of_medians(values, values)
    assert interval is not None
    assert interval.low < 1 < interval.high


def test_two_runs_apart_need_five_trials_each_and_values_above_zero() -> None:
    assert ratio_of_medians([1.0] * 5, [1.0] * 4) is None
    assert ratio_of_medians([1.0] * 5, [0.0] * 5) is None
    assert ratio_of_medians([], []) is None
