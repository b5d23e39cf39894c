"""What a user asks next, and what it costs to know."""

from __future__ import annotations

import tracemalloc
from collections import Counter

from loadgen.engine.mix import Ask, Mix, asks
from loadgen.formats.request import Request

USERS = 500


def some(number: int) -> list[Ask]:
    each = [Request(get=f"/{at}", weight=at + 1) for at in range(number)]
    return asks(each, "here", close=False)


def test_the_same_seed_asks_the_same_in_the_same_order() -> None:
    mixes = [Mix(some(3), "7:1") for _ in range(2)]
    first, second = ([mix.next().index for _ in range(100)] for mix in mixes)
    assert first == second
    assert first != [Mix(some(3), "7:2").next().index for _ in range(100)]


def test_requests_are_drawn_by_their_weights() -> None:
    mix = Mix(some(3), "7:1")
    drawn = Counter(mix.next().index for _ in range(6_000))
    for index, expected in enumerate((1_000, 2_000, 3_000)):
        assert abs(drawn[index] - expected) < 250


def test_a_user_who_can_only_ask_one_thing_costs_next_to_nothing() -> None:
    """15,000 of them stand in one worker."""
    only = some(1)
    tracemalloc.start()
    try:
        mixes = [Mix(only, f"7:{number}") for number in range(USERS)]
        taken_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {mix.next() for mix in mixes} == {only[0]}
    assert taken_bytes / USERS < 200
