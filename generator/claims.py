"""What the engine must reach, claim by claim. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from generator import stall
from generator.claim import Claim, Judged, apart, by_side, own, ratio
from generator.inside.events import Measured
from generator.inside.slow import CYCLE_S, STALL_S

CROWD, MILLION = 15_000, 1_000_000
RATE = "rate_per_s"


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
    Claim("keep-alive", KEPT, ratio(RATE, "wrk"), 0.9, "{:.2f}"),
    Claim(
        "keep-alive",
        "keep-alive: requests/s by FastHttpUser's",
        ratio(RATE, "FastHttpUser"),
        8,
        "{:.1f}",
    ),
    Claim(
        "fresh",
        "a connection per request: requests/s by the better of wrk's and ab's",
        ratio(RATE, "wrk", "ab"),
        0.85,
        "{:.2f}",
    ),
    Claim(
        "rate",
        "open loop, 10,000/s: achieved of what was asked for",
        own("engine", lambda values: values["achieved_per_s"] / values["asked_per_s"]),
        0.995,
        "{:.2%}",
    ),
    Claim(
        "rate",
        "the same: send lag p99, us",
        own("engine", lambda values: values["send_lag_p99_us"]),
        100,
        "{:.0f}",
        at_most=True,
    ),
    *(
        Claim(
            "stall",
            f"a server that stalls: p{percent} of response time, off the analytic, s",
            own("open", _off(percent)),
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
            apart(f"response_p{percent}_us"),
            0.1,
            "{:.1%}",
            at_most=True,
        )
        for percent in (50, 90, 99)
    ),
    Claim(
        "crowd",
        "15,000 users of one worker through vmhost: established",
        own("engine", lambda values: values["established"]),
        CROWD,
        "{:,.0f}",
    ),
    Claim(
        "crowd",
        "the same: served",
        own("engine", lambda values: values["served"]),
        CROWD,
        "{:,.0f}",
    ),
    Claim(
        "crowd",
        "the same: ramp, s",
        own("engine", lambda values: values["ramp_s"]),
        10,
        "{:.1f}",
        at_most=True,
    ),
    Claim(
        "crowd",
        "the same: peak memory of the worker, MB",
        own("engine", lambda values: values["memory_bytes"] / 1e6),
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
                own(side, lambda values: values["requests"]),
                MILLION,
                "{:,.0f}",
            ),
            Claim(
                "counts",
                f"the same, {side}: trials in which they differ",
                own(side, lambda values: values["differing"]),
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
