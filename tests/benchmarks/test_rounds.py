"""The order of what is measured in the container, and what the host is told of it."""

from __future__ import annotations

import json
import sys

import pytest

from benchmarks.inside import rounds
from benchmarks.inside.measured import MeasureError
from benchmarks.inside.rounds import Conditions, Found, Turn

ASKED = "inside --pairs 2 --seconds 3 --server-cpu 1 --client-cpu 0 --place /bench --rows {}"


def well(at: Conditions) -> Found:
    return {"port": at.port, "seconds": at.seconds}, ""


def never(at: Conditions) -> Found:
    raise MeasureError(f"port {at.port} is silent")


TURNS = [
    Turn("fresh", "engine", well),
    Turn("fresh", "wrk", never),
    Turn("kept", "engine", well),
    Turn("kept", "shown", well, once=True),
]


@pytest.fixture
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch,
         capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:  # fmt: skip
    monkeypatch.setattr(sys, "argv", ASKED.format(request.param).split())
    rounds.run(TURNS, {"wrk": "4.1"})
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("told", ["kept,fresh"], indirect=True)
def test_rounds_are_interleaved_in_the_order_of_the_turns(told: list[dict[str, object]]) -> None:
    order = [(each["row"], each["side"], each["round"]) for each in told[1:-1]]
    assert order == [
        ("fresh", "engine", 1), ("fresh", "wrk", 1), ("fresh", "engine", 2), ("fresh", "wrk", 2),
        ("kept", "engine", 1), ("kept", "shown", 1), ("kept", "engine", 2),
    ]  # fmt: skip
    assert told[0] == {"event": "versions", "versions": {"wrk": "4.1"}}
    assert told[-1] == {"event": "done"}


@pytest.mark.parametrize("told", ["fresh"], indirect=True)
def test_each_measurement_has_a_port_of_its_own_and_says_what_went_wrong(
    told: list[dict[str, object]],
) -> None:
    assert [(each["values"], each["faults"]) for each in told[1:-1]] == [
        ({"port": 8001, "seconds": 3}, ""),
        ({}, "port 8002 is silent"),
        ({"port": 8003, "seconds": 3}, ""),
        ({}, "port 8004 is silent"),
    ]
