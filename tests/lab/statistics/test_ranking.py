"""Claims and ties: each condition of a claim on both sides."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.statistics.ranking import FAR_APART, Comparison, Verdict, compare_all, doubt, gap
from lab.statistics.ratio import holm

Values = dict[int, float]


def trials(around: float, blocks: int = 10, seed: int = 0, noise: float = 0.01) -> Values:
    chance = np.random.default_rng(seed)
    return {block: around * chance.normal(1, noise) for block in range(1, blocks + 1)}


def compare(first: Values, second: Values, floor: float | None = None) -> Comparison:
    (comparison,) = compare_all({"first": first, "second": second}, floor, seed=0)
    return comparison


def test_a_clear_difference_is_claimed_from_either_side() -> None:
    slow, fast = trials(100, seed=1), trials(110, seed=2)
    assert compare(fast, slow).verdict == "faster"
    assert compare(slow, fast).verdict == "slower"
    assert compare(slow, fast).reason is None


def test_an_interval_that_holds_one_is_no_claim() -> None:
    comparison = compare(trials(100, seed=1, noise=0.1), trials(101, seed=2, noise=0.1))
    assert (comparison.verdict, comparison.reason) == ("unknown", "the interval holds 1")


def test_a_difference_counts_only_above_the_noise_floor() -> None:
    first, second = trials(108, seed=1, noise=0.001), trials(100, seed=2, noise=0.001)
    assert compare(first, second, floor=0.07).verdict == "faster"
    assert compare(first, second, floor=0.09).reason == "within the noise floor"
    assert compare(second, first, floor=0.09).reason == "within the noise floor"


def test_a_difference_that_the_noise_floor_denies_may_be_a_tie() -> None:
    first, second = trials(104, seed=1, noise=0.001), trials(100, seed=2, noise=0.001)
    assert compare(first, second, floor=0.03).verdict == "faster"
    assert compare(first, second, floor=0.05).verdict == "tie"


def test_no_noise_floor_counts_as_none_at_all() -> None:
    first, second = trials(104, seed=1), trials(100, seed=2)
    assert compare(first, second, None) == compare(first, second, 0.0)


@pytest.mark.parametrize(("blocks", "verdict"), [(5, "unknown"), (6, "faster")])
def test_five_blocks_claim_no_small_difference_and_six_may(blocks: int, verdict: Verdict) -> None:
    comparison = compare(trials(130, blocks, seed=1), trials(100, blocks, seed=2))
    assert comparison.verdict == verdict
    assert comparison.reason == ("too few blocks" if verdict == "unknown" else None)


def test_without_a_ratio_nothing_is_known() -> None:
    comparison = compare({1: 5.0}, {2: 5.0})
    assert (comparison.verdict, comparison.ratio, comparison.p_adjusted) == ("unknown", None, 1.0)
    assert comparison.reason == "no ratio"


def test_what_two_models_can_claim_seven_may_not() -> None:
    """Nine blocks that all agree: p is 2/512, of which Holm makes 0.082 among 21 pairs."""
    alone = {"a": trials(110, 9, seed=1), "b": trials(100, 9, seed=2)}
    same = {name: trials(100, 9, seed=seed) for seed, name in enumerate("cdefg", start=3)}
    assert compare_all(alone, None, seed=0)[0].verdict == "faster"
    among_all = compare_all(alone | same, None, seed=0)[0]
    assert (among_all.first, among_all.second) == ("a", "b")
    assert among_all.reason == "may be chance among so many"


def test_all_pairs_are_compared_in_the_order_of_the_models() -> None:
    comparisons = compare_all({name: trials(100) for name in "cab"}, None, seed=0)
    assert [each.first + each.second for each in comparisons] == ["ca", "cb", "ab"]


def test_the_gap_is_the_same_either_way_and_never_more_than_the_ratio_says() -> None:
    assert gap(1.25) == pytest.approx(gap(0.8)) == pytest.approx(0.2)
    assert gap(1) == 0


def test_rows_tie_only_where_the_interval_of_their_ratio_is_narrow() -> None:
    def alike(noise: float, blocks: int = 10) -> Comparison:
        one, other = (trials(level, blocks, s, noise) for s, level in ((1, 100), (2, 100.1)))
        return compare(one, other)

    assert alike(0.005).verdict == "tie"
    assert alike(0.15).verdict == "unknown"
    assert (alike(0.005, 5).verdict, alike(0.005, 5).reason) == ("unknown", "too few blocks")


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ([151, 160, 170], [100, 90, 95], "faster"),
        ([100, 90, 95], [151, 160, 170], "slower"),
        ([149, 160, 170], [100, 90, 95], "unknown"),  # one trial of each is too near
        ([151, 160], [100, 90], "unknown"),  # two trials each
    ],
)
def test_rows_are_far_apart_where_every_trial_is(
    first: list[float], second: list[float], verdict: Verdict
) -> None:
    found = compare(dict(enumerate(first)), dict(enumerate(second)))
    assert found.verdict == verdict
    assert (found.reason == FAR_APART) == (verdict != "unknown")


def test_a_noise_floor_beyond_the_distance_takes_the_claim_away() -> None:
    first, second = {1: 160.0, 2: 160.0, 3: 160.0}, {1: 100.0, 2: 100.0, 3: 100.0}
    assert compare(first, second, floor=0.3).reason == FAR_APART
    assert not compare(first, second, floor=0.4).apart


def test_pairs_that_are_far_apart_need_no_correction() -> None:
    """Nine blocks: among 21 pairs nothing could be claimed, among one pair it can."""
    near = {"a": trials(110, 9, seed=1), "b": trials(100, 9, seed=2)}
    far = {name: trials(10.0 ** (4 + place), 9) for place, name in enumerate("cdefg")}
    found = {each.first + each.second: each for each in compare_all(near | far, None, seed=0)}
    assert found["ab"].verdict == "faster"
    assert found["ac"].p_adjusted is None


def test_a_lower_bound_may_outrank_and_is_never_outranked() -> None:
    values = {"low": trials(100, seed=1), "high": trials(200, seed=2), "other": trials(50, seed=3)}
    found = {
        each.first + each.second: each.verdict
        for each in compare_all(values, None, 0, at_least={"low", "other"})
    }
    assert found == {"lowhigh": "unknown", "lowother": "unknown", "highother": "unknown"}
    held_back = compare_all(values, None, 0, at_least={"high"})
    assert [each.verdict for each in held_back] == ["slower", "faster", "faster"]


VALUES = st.dictionaries(st.integers(1, 8), st.floats(0.01, 1e5), min_size=1, max_size=8)
ROWS = st.dictionaries(st.sampled_from("abcdefg"), VALUES, min_size=2, max_size=7)
BOUNDS = st.frozensets(st.sampled_from("abcdefg"))


@settings(deadline=None)
@given(ROWS, BOUNDS, st.sampled_from([None, 0.05, 0.5]))
def test_claims_follow_one_order_and_respect_bounds(
    rows: dict[str, Values], at_least: frozenset[str], floor: float | None
) -> None:
    for each in compare_all(rows, floor, 0, at_least):
        if not each.apart:
            continue
        better, worse = (each.first, each.second)[:: 1 if each.verdict == "faster" else -1]
        assert median(rows[better].values()) > median(rows[worse].values()), "never a circle"
        assert worse not in at_least


@settings(deadline=None)
@given(ROWS, st.sampled_from([None, 0.05]))
def test_turning_the_rows_round_turns_the_verdicts_round(
    rows: dict[str, Values], floor: float | None
) -> None:
    back = {name: rows[name] for name in reversed(rows)}
    forth = {(e.first, e.second): e.verdict for e in compare_all(rows, floor, 0)}
    turned = {(e.second, e.first): e.turned.verdict for e in compare_all(back, floor, 0)}
    assert forth == turned


BLOCKS = st.lists(st.floats(50, 150), min_size=10, max_size=10)


@settings(deadline=None)
@given(st.lists(BLOCKS, min_size=2, max_size=4), st.sampled_from([None, 0.02]))
def test_whatever_holm_claims_of_whole_rows_is_claimed(
    rows: list[list[float]], floor: float | None
) -> None:
    values = {str(name): dict(enumerate(each)) for name, each in enumerate(rows)}
    found = compare_all(values, floor, 0)
    ps = holm([each.ratio.p for each in found if each.ratio])
    for each, p in zip(found, ps, strict=True):
        assert each.ratio is not None
        faster = each.ratio.interval.mid > 1
        medians = median(values[each.first].values()) > median(values[each.second].values())
        if doubt(each.ratio, p, floor or 0.0) is None and faster == medians:
            assert each.verdict == ("faster" if faster else "slower")
