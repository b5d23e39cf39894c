"""Claims and ties: each condition of a claim on both sides, and letters that say just that."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.statistics.ranking import Comparison, Verdict, compare_all, gap, groups

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


def test_an_interval_that_holds_one_is_a_tie() -> None:
    comparison = compare(trials(100, seed=1, noise=0.1), trials(101, seed=2, noise=0.1))
    assert (comparison.verdict, comparison.reason) == ("tie", "the interval holds 1")


def test_a_difference_counts_only_above_the_noise_floor() -> None:
    first, second = trials(104, seed=1, noise=0.001), trials(100, seed=2, noise=0.001)
    assert compare(first, second, floor=0.03).verdict == "faster"
    assert compare(first, second, floor=0.05).reason == "within the noise floor"
    assert compare(second, first, floor=0.05).reason == "within the noise floor"


def test_no_noise_floor_counts_as_none_at_all() -> None:
    first, second = trials(104, seed=1), trials(100, seed=2)
    assert compare(first, second, None) == compare(first, second, 0.0)


@pytest.mark.parametrize(("blocks", "verdict"), [(5, "tie"), (6, "faster")])
def test_five_blocks_never_claim_and_six_may(blocks: int, verdict: Verdict) -> None:
    comparison = compare(trials(200, blocks, seed=1), trials(100, blocks, seed=2))
    assert comparison.verdict == verdict
    assert comparison.reason == ("too few blocks" if verdict == "tie" else None)


def test_without_a_ratio_there_is_a_tie() -> None:
    comparison = compare({1: 5.0}, {2: 5.0})
    assert (comparison.verdict, comparison.ratio, comparison.p_adjusted) == ("tie", None, 1.0)
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


def judged(first: str, second: str, verdict: Verdict) -> Comparison:
    return Comparison(first, second, None, 1.0, verdict)


@pytest.mark.parametrize(
    ("differ", "letters"),
    [
        ([], {"x": "a", "y": "a", "z": "a"}),
        (["xy", "xz", "yz"], {"x": "a", "y": "b", "z": "c"}),
        (["xy", "xz"], {"x": "a", "y": "b", "z": "b"}),
        (["xz"], {"x": "a", "y": "ab", "z": "b"}),
        (["xy"], {"x": "a", "y": "b", "z": "ab"}),  # a noisy z: told apart from nobody
    ],
)
def test_letters_of_three(differ: list[str], letters: dict[str, str]) -> None:
    every = [judged(*pair, "faster" if "".join(pair) in differ else "tie") for pair in PAIRS]
    assert groups("xyz", every) == letters


PAIRS = list(combinations("xyz", 2))
VERDICTS: list[Verdict] = ["faster", "slower", "tie"]


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[list[str], list[Comparison]]:
    names = draw(st.permutations("abcdefg"[: draw(st.integers(1, 7))]))
    pairs = draw(st.permutations(list(combinations(sorted(names), 2))))
    return names, [judged(*pair, draw(st.sampled_from(VERDICTS))) for pair in pairs]


@given(comparisons())
def test_two_share_a_letter_exactly_where_they_tie(
    given_: tuple[list[str], list[Comparison]],
) -> None:
    names, every = given_
    letters = groups(names, every)
    for each in every:
        shared = set(letters[each.first]) & set(letters[each.second])
        assert bool(shared) is (each.verdict == "tie")


@given(comparisons())
def test_every_name_has_letters_in_order_and_the_first_has_an_a(
    given_: tuple[list[str], list[Comparison]],
) -> None:
    names, every = given_
    letters = groups(names, every)
    assert list(letters) == names
    assert letters[names[0]].startswith("a")
    assert all(word and list(word) == sorted(word) for word in letters.values())


@given(comparisons())
def test_no_letter_could_be_left_out(given_: tuple[list[str], list[Comparison]]) -> None:
    """No group lies within another: the display is compact."""
    letters = groups(*given_)
    held = [
        {name for name, word in letters.items() if letter in word}
        for letter in sorted(set("".join(letters.values())))
    ]
    assert not [one for one in held for other in held if one < other]


def test_nobody_has_no_letters() -> None:
    assert groups([], []) == {}
