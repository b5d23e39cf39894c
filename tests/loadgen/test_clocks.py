"""The offset of a worker's clock: found within its bound, whatever the network does."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen.engine.clock import Offset, clock, offset
from loadgen.locust.clocks import ROUNDS, Clocks, answer

DELAY_S = st.floats(0, 10)


@given(st.floats(0, 1e6), st.floats(-1e6, 1e6), DELAY_S, DELAY_S)
def test_it_is_wrong_by_its_bound_at_most(
    asked_s: float, true_s: float, there_s: float, back_s: float
) -> None:
    """However unlike the two ways are."""
    told_s = asked_s + there_s + true_s
    found = offset(asked_s, told_s, asked_s + there_s + back_s)
    assert abs(found.seconds - true_s) <= found.bound_s + 1e-6


def test_an_offset_within_its_bound_is_that_of_one_clock() -> None:
    assert Offset(0.0004, 0.0005).known_s == 0.0
    assert Offset(0.0006, 0.0005).known_s == 0.0006
    assert Offset(-7.0, 0.0005).known_s == -7.0


def test_a_clock_that_drifts_between_two_measurements_is_known_less_well() -> None:
    before, after = Offset(5.0, 0.001), Offset(5.003, 0.002)
    over = before.until(after)
    assert over.seconds == 5.0
    assert over.bound_s == pytest.approx(0.002 + 0.003)


class Wire:
    """Plays both ends of Locust's messages: a node's words take `delay_s` either way."""

    def __init__(self, shifts_s: dict[str, float], delay_s: float = 0.002) -> None:
        self.shifts_s, self.delay_s = shifts_s, delay_s
        self.deaf: set[str] = set()
        self.hear: Callable[..., None] = lambda **_: None
        self.asked = 0

    def register_message(self, kind: str, listener: Callable[..., None]) -> None:
        assert kind == "clock"
        self.hear = listener

    def send_message(self, kind: str, data: dict[str, int], node: str) -> None:
        assert kind == "ask"
        self.asked += 1
        if node not in self.deaf:
            gevent.spawn(self._answer, node, data["number"])

    def _answer(self, node: str, number: int) -> None:
        gevent.sleep(self.delay_s)
        told = {"number": number, "clock_s": clock() + self.shifts_s[node]}
        gevent.sleep(self.delay_s)
        self.hear(msg=SimpleNamespace(node_id=node, data=told))


def measured(wire: Wire) -> dict[str, Offset]:
    runner: Any = wire
    return Clocks(runner).measure(list(wire.shifts_s))


def test_shifted_clocks_are_found_within_their_bounds() -> None:
    shifts_s = {"a": 0.0, "b": 1_000.0, "c": -0.25, **{f"d{n}": n / 8 for n in range(1, 9)}}
    found = measured(Wire(shifts_s))
    assert found.keys() == shifts_s.keys()
    for node, true_s in shifts_s.items():
        assert abs(found[node].seconds - true_s) <= found[node].bound_s < 0.05
    assert found["a"].known_s == 0.0
    assert abs(found["b"].known_s - 1_000) < 0.05


def test_one_who_does_not_answer_is_missing_and_is_not_waited_for_round_after_round() -> None:
    wire = Wire({"a": 0.0, "b": 0.0})
    wire.deaf = {"b"}
    began_s = clock()
    found = measured(wire)
    assert found.keys() == {"a"}
    assert clock() - began_s < 3
    assert wire.asked < ROUNDS


def test_a_worker_answers_with_its_own_clock() -> None:
    heard: dict[str, Callable[..., None]] = {}
    said: list[tuple[str, dict[str, float]]] = []
    runner: Any = SimpleNamespace(
        register_message=heard.__setitem__,
        send_message=lambda kind, data: said.append((kind, data)),
    )
    answer(runner)
    before_s = clock()
    heard["ask"](environment=None, msg=SimpleNamespace(data={"number": 7}))
    [(kind, told)] = said
    assert (kind, told["number"]) == ("clock", 7)
    assert before_s <= told["clock_s"] <= clock()
