"""What the engine must reach, and whether it did. Pure.

A claim looks at the rounds of one row: it makes one value of each round in which all that it needs
went well, and their median is held against the bound. What disturbs the host for a while disturbs
both sides of a round; so ratios are made within rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from generator import stall
from generator.inside.events import Measured
from generator.inside.slow import CYCLE_S, STALL_S

Rounds = Mapping[str, Mapping[int, Measured]]  # side -> round -> what was measured
Values = Callable[[Rounds], list[float]]
CROWD, MILLION = 15_000, 1_000_000
RATE = "rate_per_s"


@dataclass(frozen=True)
class Claim:
    """`bound` is the least value, or the greatest where `at_most`; `form` writes a value."""

    row: str
    measure: str
    values: Values
    bound: float
    form: str
    at_most: bool = False


@dataclass(frozen=True)
class Judged:
    """`values`: of the rounds that went well."""

    claim: Claim
    values: tuple[float, ...]
    rounds: int

    @property
    def value(self) -> float | None:
        return median(self.values) if self.values else None

    @property
    def verdict(self) -> Literal["pass", "missed", "erring"]:
        """`erring`: not every round went well."""
        if self.value is None or len(self.values) < self.rounds:
            return "erring"
        claim = self.claim
        reached = self.value <= claim.bound if claim.at_most else self.value >= claim.bound
        return "pass" if reached else "missed"


def _own(side: str, value: Callable[[Mapping[str, float]], float]) -> Values:
    return lambda rounds: [value(each.values) for each in rounds[side].values() if each.good]


def _ratio(name: str, *others: str) -> Values:
    """The engine's by that of the best of the others, by the median."""

    def values(rounds: Rounds) -> list[float]:
        best = max(others, key=lambda side: _median(rounds[side], name))
        pairs = ((ours, rounds[best].get(at)) for at, ours in rounds["engine"].items())
        return [
            ours.values[name] / theirs.values[name]
            for ours, theirs in pairs
            if theirs is not None and ours.good and theirs.good
        ]

    return values


def _apart(name: str) -> Values:
    """How far the engine's are from wrk's, either way."""
    ratios = _ratio(name, "wrk")
    return lambda rounds: [abs(ratio - 1) for ratio in ratios(rounds)]


def _median(side: Mapping[int, Measured], name: str) -> float:
    return median([each.values[name] for each in side.values() if each.good] or [0.0])


def _off(percent: int) -> Callable[[Mapping[str, float]], float]:
    """How far the response time is from the analytic one, in seconds."""

    def off_s(values: Mapping[str, float]) -> float:
        service_s = values["service_p50_us"] / 1e6
        return abs(values[f"response_p{percent}_us"] / 1e6 - analytic_s(percent, service_s))

    return off_s


def analytic_s(percent: int, service_s: float) -> float:
    """Of the stalling server."""
    return stall.response_s(percent, STALL_S, CYCLE_S, service_s)


COUNTED = ("keep-alive", "fresh")  # the sides of the row `counts`
KEPT = "keep-alive: requests/s by wrk's"
CLAIMS = (
    Claim("keep-alive", KEPT, _ratio(RATE, "wrk"), 0.9, "{:.2f}"),
    Claim(
        "keep-alive",
        "keep-alive: requests/s by FastHttpUser's",
        _ratio(RATE, "FastHttpUser"),
        8,
        "{:.1f}",
    ),
    Claim(
        "fresh",
        "a connection per request: requests/s by the better of wrk's and ab's",
        _ratio(RATE, "wrk", "ab"),
        0.85,
        "{:.2f}",
    ),
    Claim(
        "rate",
        "open loop, 10,000/s: achieved of what was asked for",
        _own("engine", lambda values: values["achieved_per_s"] / values["asked_per_s"]),
        0.995,
        "{:.2%}",
    ),
    Claim(
        "rate",
        "the same: send lag p99, us",
        _own("engine", lambda values: values["send_lag_p99_us"]),
        100,
        "{:.0f}",
        at_most=True,
    ),
    *(
        Claim(
            "stall",
            f"a server that stalls: p{percent} of response time, off the analytic, s",
            _own("open", _off(percent)),
            0.05 * STALL_S,
            "{:.3f}",
            at_most=True,
        )
        for percent in (90, 95, 99)
    ),
    *(
        Claim(
            "percentiles",
            f"the same load below saturation: p{percent}, off wrk's",
            _apart(f"response_p{percent}_us"),
            0.1,
            "{:.1%}",
            at_most=True,
        )
        for percent in (50, 90, 99)
    ),
    Claim(
        "crowd",
        "15,000 users of one worker through vmhost: established",
        _own("engine", lambda values: values["established"]),
        CROWD,
        "{:,.0f}",
    ),
    Claim(
        "crowd",
        "the same: served",
        _own("engine", lambda values: values["served"]),
        CROWD,
        "{:,.0f}",
    ),
    Claim(
        "crowd",
        "the same: ramp, s",
        _own("engine", lambda values: values["ramp_s"]),
        10,
        "{:.1f}",
        at_most=True,
    ),
    Claim(
        "crowd",
        "the same: peak memory of the worker, MB",
        _own("engine", lambda values: values["memory_bytes"] / 1e6),
        300,
        "{:.0f}",
        at_most=True,
    ),
    *(
        claim
        for side in COUNTED
        for claim in (
            Claim(
                "counts",
                f"counts of client and server, {side}, two workers: requests",
                _own(side, lambda values: values["requests"]),
                MILLION,
                "{:,.0f}",
            ),
            Claim(
                "counts",
                f"the same, {side}: trials in which they differ",
                _own(side, lambda values: values["differing"]),
                0,
                "{:.0f}",
                at_most=True,
            ),
        )
    ),
)


def judge(figures: Sequence[Measured], pairs: int) -> list[Judged]:
    """Every claim on a row that was measured. `pairs`: rounds that there should be of a pair."""
    there = {figure.row for figure in figures}
    return [
        Judged(
            claim,
            tuple(claim.values(by_side(claim.row, figures))),
            1 if claim.row in ("crowd", "counts") else pairs,
        )
        for claim in CLAIMS
        if claim.row in there
    ]


def by_side(row: str, figures: Iterable[Measured]) -> Rounds:
    """One row's own among all."""
    found: dict[str, dict[int, Measured]] = {}
    for each in figures:
        if each.row == row:
            found.setdefault(each.side, {})[each.round] = each
    return found
