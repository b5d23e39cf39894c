"""What the engine must reach, claim by claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from benchmarks.claim import Claim, Judged, Values, ratio
from benchmarks.inside.measured import RATE, Measured
from benchmarks.loadgen import stall
from benchmarks.loadgen.inside.slow import CYCLE_S, STALL_S

CROWD, MILLION = 15_000, 1_000_000
COUNTED = ("keep-alive", "fresh")  # the sides of the row `counts`
ONE_ROUND = ("crowd", "counts")


def of(side: str, value: Callable[[Mapping[str, float]], float]) -> Values:
    """Made of the values of one side."""
    return lambda rounds: [value(each.values) for each in rounds[side].values() if each.good]


def own(side: str, name: str, unit: float = 1) -> Values:
    """One of a side's values, in this unit."""
    return of(side, lambda values: values[name] / unit)


def by(*others: str, name: str = RATE) -> Values:
    """The engine's by that of the best of the others."""
    return ratio(name, ("engine",), others)


def apart(name: str) -> Values:
    """How far the engine's are from wrk's, either way."""
    ratios = by("wrk", name=name)
    return lambda rounds: [abs(each - 1) for each in ratios(rounds)]


def off(percent: int) -> Values:
    """How far the response time is from the analytic one, in seconds."""

    def off_s(values: Mapping[str, float]) -> float:
        service_s = values["service_p50_us"] / 1e6
        return abs(values[f"response_p{percent}_us"] / 1e6 - analytic_s(percent, service_s))

    return of("open", off_s)


def analytic_s(percent: int, service_s: float) -> float:
    """Of the stalling server."""
    return stall.response_s(percent, STALL_S, CYCLE_S, service_s)


def achieved(values: Mapping[str, float]) -> float:
    """Of the rate that was asked for."""
    return values["achieved_per_s"] / values["asked_per_s"]


FAST_HTTP_USER = "keep-alive: requests/s by FastHttpUser's"
FRESH = "a connection per request: requests/s by the better of wrk's and ab's"
RATE_ASKED = "open loop, 10,000/s: achieved of what was asked for"
STALLING = "a server that stalls: p{} of response time, off the analytic, s"
UNSATURATED = "the same load below saturation: p{}, off wrk's"
USERS = "15,000 users of one worker through vmhost: established"
MEMORY = "the same: peak memory of the worker, MB"
REQUESTS = "counts of client and server, {}, two workers: requests"
DIFFERING = "the same, {}: trials in which they differ"


def _at_least(row: str, measure: str, values: Values, bound: float, form: str) -> Claim:
    return Claim(row, measure, values, bound, form)


def _at_most(row: str, measure: str, values: Values, bound: float, form: str) -> Claim:
    return Claim(row, measure, values, bound, form, at_most=True)


def _stall(percent: int) -> Claim:
    return _at_most("stall", STALLING.format(percent), off(percent), 0.05 * STALL_S, "{:.3f}")


def _percentile(percent: int) -> Claim:
    values = apart(f"response_p{percent}_us")
    return _at_most("percentiles", UNSATURATED.format(percent), values, 0.1, "{:.1%}")


def _counts(side: str) -> tuple[Claim, Claim]:
    return (
        _at_least("counts", REQUESTS.format(side), own(side, "requests"), MILLION, "{:,.0f}"),
        _at_most("counts", DIFFERING.format(side), own(side, "differing"), 0, "{:.0f}"),
    )


CLAIMS = (
    _at_least("keep-alive", "keep-alive: requests/s by wrk's", by("wrk"), 0.9, "{:.2f}"),
    _at_least("keep-alive", FAST_HTTP_USER, by("FastHttpUser"), 8, "{:.1f}"),
    _at_least("fresh", FRESH, by("wrk", "ab"), 0.85, "{:.2f}"),
    _at_least("rate", RATE_ASKED, of("engine", achieved), 0.995, "{:.2%}"),
    _at_most("rate", "the same: send lag p99, us", own("engine", "send_lag_p99_us"), 100, "{:.0f}"),
    *map(_stall, (90, 95, 99)),
    *map(_percentile, (50, 90, 99)),
    _at_least("crowd", USERS, own("engine", "established"), CROWD, "{:,.0f}"),
    _at_least("crowd", "the same: served", own("engine", "served"), CROWD, "{:,.0f}"),
    _at_most("crowd", "the same: ramp, s", own("engine", "ramp_s"), 10, "{:.1f}"),
    _at_most("crowd", MEMORY, own("engine", "memory_bytes", 1e6), 300, "{:.0f}"),
    *(claim for side in COUNTED for claim in _counts(side)),
)


def judge(figures: Sequence[Measured], pairs: int) -> list[Judged]:
    """Every claim on a row that was measured. `pairs`: rounds that there should be of a pair."""
    there = {figure.row for figure in figures}
    return [
        claim.judge(figures, 1 if claim.row in ONE_ROUND else pairs)
        for claim in CLAIMS
        if claim.row in there
    ]
