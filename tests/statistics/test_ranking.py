"""Differences that are claimed, ties that are kept, letters that say which is which."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.statistics.ranking import Comparison, compare_all, groups
from lab.statistics.ratio import Ratio

BLOCKS = range(10)


def trials(chance: np.random.Generator, rate: float, minutes: np.ndarray) -> dict[int, float]:
    """Ten, each 5 % off by itself, in minutes that are off for everybody."""
    return {b: float(rate * minutes[b] * chance.normal(1.0, 0.05)) for b in BLOCKS}


def models(seed: int, *rates: float) -> dict[str, dict[int, float]]:
    chance = np.random.default_rng(seed)
    minutes = chance.normal(1.0, 0.1, len(BLOCKS))
    return {f"m{i}": trials(chance, rate, minutes) for i, rate in enumerate(rates)}


def test_a_tenth_more_is_found_and_its_interval_holds_the_truth() -> None:
    found = [compare_all(models(seed, 110.0, 100.0), 0.02)[0] for seed in range(200)]
    ratios = [each.ratio for each in found if isinstance(each.ratio, Ratio)]
    assert sum(each.differs for each in found) >= 180
    assert sum(ratio.interval.holds(1.1) for ratio in ratios) >= 180


def test_seven_alike_are_rarely_told_apart() -> None:
    wrong = sum(
        any(each.differs for each in compare_all(models(seed, *[100.0] * 7), None))
        for seed in range(100)
    )
    assert wrong <= 8


@pytest.mark.parametrize(("floor", "differs"), [(None, True), (0.09, True), (0.11, False)])
def test_what_the_hosts_noise_could_do_is_a_tie(floor: float | None, differs: bool) -> None:
    values = {"a": dict.fromkeys(BLOCKS, 110.0), "b": dict.fromkeys(BLOCKS, 100.0)}
    assert compare_all(values, floor)[0].differs == differs


@pytest.mark.parametrize(("blocks", "words"), [(4, "too few"), (5, "too few"), (6, "differ")])
def test_few_blocks_are_a_tie_whatever_they_show(blocks: int, words: str) -> None:
    values = {name: dict.fromkeys(range(blocks), rate) for name, rate in (("a", 2.0), ("b", 1.0))}
    assert words in compare_all(values, None)[0].words


def test_ten_blocks_tell_all_pairs_of_seven_apart() -> None:
    values = {str(rate): dict.fromkeys(BLOCKS, float(rate)) for rate in range(1, 8)}
    assert all(each.differs for each in compare_all(values, 0.05))


def comparison(pair: tuple[str, str], differs: bool) -> Comparison:
    return Comparison(*pair, ratio=None, p_adjusted=0.0, differs=differs)


def test_who_ties_with_both_has_both_letters() -> None:
    pairs = [comparison(("a", "b"), False), comparison(("b", "c"), False)]
    found = groups(["a", "b", "c"], [*pairs, comparison(("a", "c"), True)])
    assert found == {"a": "a", "b": "ab", "c": "b"}


@given(st.integers(1, 7), st.data())
def test_a_letter_is_shared_exactly_by_those_who_tie(count: int, data: st.DataObject) -> None:
    names = [f"m{i}" for i in range(count)]
    pairs = [comparison(pair, data.draw(st.booleans())) for pair in combinations(names, 2)]
    letters = groups(names, pairs)
    assert all(letters.values())
    for each in pairs:
        assert bool(set(letters[each.first]) & set(letters[each.second])) != each.differs
    assert letters[names[0]].startswith("a")
