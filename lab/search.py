"""Seeks the highest rate at which a server still meets an objective, in few trials. Pure.

Doubling or halving from a first guess brackets the limit, bisection narrows it: by equal ratios, as
one per cent is one per cent at any rate. The next rate follows from what was tried and from nothing
else, so a run that was broken off finds its way again.

One bad trial in a noisy minute would lose half of the range for good, so a rate that fails is tried
once more and counts as failed only where both did; what passes is believed. A saturated server
tells what it did achieve, which shortens the way down. It loses where the curve is not monotone:
then the answer lies below the lowest rate that failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Literal

from lab.plan import load
from lab.record import Frozen

START_RPS = 1_000.0  # between what a fork and what a loop can do
LEAST_RPS, MOST_RPS = 1.0, 1_000_000.0
RESOLUTION = 1.02  # trials of one rate differ by as much
KNEE = 2.0  # times the time at the lowest rate

Percentile = Literal["p50", "p90", "p99"]


class Tried(Frozen):
    """One trial of the search."""

    trial: str  # the folder of its records
    rate_rps: float
    passed: bool
    why: str | None  # it did not
    at_us: int | None = None  # the objective's percentile of the response time
    achieved_rps: float | None = None
    kept_up: bool = False  # achieved what was offered
    generator_bound: bool = False


class Finding(Frozen):
    """The search for one model. `low_rps` is the highest rate that passed below `high_rps`, the
    lowest that failed; the limit is `low_rps` once both are known."""

    model: str
    users: int
    tried: tuple[Tried, ...]
    low_rps: float | None
    high_rps: float | None
    limit_rps: float | None
    reason: str | None  # there is no limit to tell
    knee_rps: float | None


class SearchRecord(Frozen):
    """search.json"""

    format: Literal[1] = 1
    percentile: Percentile
    within_ms: float
    trials: int  # that may be spent on each model
    findings: tuple[Finding, ...]


def next_rate(tried: Sequence[Tried], trials: int) -> float | None:
    """The rate to try next; None where all is found, or `trials` are spent."""
    if len(tried) >= trials:
        return None
    if not tried:
        return START_RPS
    last = tried[-1]
    if not last.passed and sum(each.rate_rps == last.rate_rps for each in tried) == 1:
        return last.rate_rps
    low, high = bracket(tried)
    if high is None:
        assert low is not None
        return _rounded(min(2 * low, MOST_RPS)) if low < MOST_RPS else None
    if low is None:
        return _down(tried, high) if high > LEAST_RPS else None
    # Far apart they are only where the way down was a leap to what was achieved: it is near there.
    return _rounded(min(2 * low, sqrt(low * high))) if high / low > RESOLUTION else None


def bracket(tried: Sequence[Tried]) -> tuple[float | None, float | None]:
    """The highest rate that passed below the lowest that failed, and that one."""
    passed = {each.rate_rps for each in tried if each.passed}
    high = min((each.rate_rps for each in tried if each.rate_rps not in passed), default=None)
    low = max((rate for rate in passed if high is None or rate < high), default=None)
    return low, high


def knee(tried: Sequence[Tried]) -> float | None:
    """Where the curve of the response time bends: the highest rate tried up to which it stays
    within twice what it is at the lowest rate tried, while the server keeps up.

    Of several trials of a rate the best counts, noise only adds to them. None where the curve did
    not bend at any rate tried, or nothing was measured.
    """
    best: dict[float, int] = {}
    for each in tried:
        if each.at_us is not None and each.kept_up:
            best[each.rate_rps] = min(each.at_us, best.get(each.rate_rps, each.at_us))
    lowest, found = min((each.rate_rps for each in tried), default=0.0), None
    for rate in sorted({each.rate_rps for each in tried}):
        if rate not in best or lowest not in best or best[rate] > KNEE * best[lowest]:
            return found
        found = rate
    return None


def finding(model: str, users: int, tried: Sequence[Tried]) -> Finding:
    """What is known by now."""
    low, high = bracket(tried)
    reason = None
    if not tried:
        reason = "nothing was tried"
    elif low is None:
        reason = f"even {high:,.10g}/s, the lowest rate tried, did not meet it"
    elif high is None:
        reason = f"even {low:,.10g}/s, the highest rate tried, met it"
    elif all(each.generator_bound for each in tried if each.rate_rps == high):
        reason = f"at {high:,.10g}/s the load generator gave out; the server may do more"
    return Finding(
        model=model,
        users=users,
        tried=tuple(tried),
        low_rps=low,
        high_rps=high,
        limit_rps=None if reason else low,
        reason=reason,
        knee_rps=knee(tried),
    )


def lines(found: SearchRecord) -> list[str]:
    """The answers, one line a model."""
    objective = f"{found.percentile} within {found.within_ms:g} ms"
    told = []
    for each in found.findings:
        who = f"{each.model}, {load(each.users, None).replace('users', 'connections')}"
        spent = f"{len(each.tried)} trials"
        if each.limit_rps is None:
            answer = f"no limit for {objective}: {each.reason}"
        else:
            answer = f"{objective} up to {each.limit_rps:,.10g}/s, not at {each.high_rps:,.10g}/s"
        bend = f"; knee at {each.knee_rps:,.10g}/s" if each.knee_rps else ""
        told.append(f"{who}: {answer}{bend} ({spent})")
    return told


def _down(tried: Sequence[Tried], high: float) -> float:
    """Half, or what was achieved where that is even less."""
    achieved = [
        each.achieved_rps
        for each in tried
        if each.rate_rps == high and each.achieved_rps is not None
    ]
    return max(LEAST_RPS, _rounded(min([high / 2, *achieved])))


def _rounded(rate_rps: float) -> float:
    """To three digits, as one would name it."""
    return float(f"{rate_rps:.3g}")
