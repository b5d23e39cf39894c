"""The order: partial, without circles, closed under what follows, and drawn by its groups."""

from __future__ import annotations

from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from lab.analysis.order import Order, order
from lab.statistics.ranking import Comparison, Verdict

VERDICTS: list[Verdict] = ["faster", "tie", "unknown"]


def judged(first: str, second: str, verdict: Verdict) -> Comparison:
    return Comparison(first, second, None, 1.0, verdict)


def test_places_are_ranges_where_they_are_open() -> None:
    found = order(
        "abcd", [judged("a", "c", "faster"), judged("d", "a", "slower"), judged("b", "c", "faster")]
    )
    assert [found.place(name) for name in "abcd"] == ["1-2", "1-3", "3-4", "2-4"]
    assert found.says_something
    assert not order("ab", [judged("a", "b", "unknown")]).says_something
    assert order("ab", [judged("a", "b", "tie")]).says_something


def test_what_follows_from_two_claims_is_claimed() -> None:
    found = order("abc", [judged("a", "b", "faster"), judged("b", "c", "faster")])
    assert found.outranks("a", "c")
    assert [found.place(name) for name in "abc"] == ["1", "2", "3"]


def test_a_tie_that_two_claims_contradict_is_none() -> None:
    claims = [judged("a", "b", "faster"), judged("b", "c", "faster"), judged("a", "c", "tie")]
    assert not order("abc", claims).ties


@st.composite
def orders(draw: st.DrawFn) -> Order:
    names = draw(st.permutations("abcdefg"[: draw(st.integers(1, 7))]))
    pairs = [judged(*pair, draw(st.sampled_from(VERDICTS))) for pair in combinations(names, 2)]
    return order(
        names, draw(st.permutations([draw(st.sampled_from([p, p.turned])) for p in pairs]))
    )


@given(orders())
def test_it_is_a_strict_partial_order(found: Order) -> None:
    for one, other, third in permutations(found.names, 3):
        if found.outranks(one, other):
            assert not found.outranks(other, one)
            assert not found.ties_with(one, other)
            if found.outranks(other, third):
                assert found.outranks(one, third)
    assert not any(found.outranks(name, name) for name in found.names)


@given(orders())
def test_two_share_a_group_exactly_where_they_are_not_apart(found: Order) -> None:
    groups = found.groups()
    for one, other in combinations(found.names, 2):
        together = any({one, other} <= set(group) for group in groups)
        assert together is not found.apart(one, other)
    assert not [one for one in groups for other in groups if set(one) < set(other)]


@given(orders())
def test_the_place_of_a_row_lies_between_those_it_is_apart_from(found: Order) -> None:
    for one, other in permutations(found.names, 2):
        if found.outranks(one, other):
            best, worst = (int(found.place(name).split("-")[0]) for name in (one, other))
            assert best < worst
