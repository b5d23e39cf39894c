"""What a search has found: the limit of each model and the knee of its curve; search.json.

A limit is told only where a rate passed and a higher one failed by the server's own doing. Else the
reason stands in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lab.analysis.search import Tried, bracket
from lab.records import files
from lab.records.record import Frozen
from lab.records.run_folder import RunFolder
from lab.records.step import describe_step

FILE = "search.json"
KNEE = 2.0  # times the time at the lowest rate

Percentile = Literal["p50", "p90", "p99"]


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


def objective(found: SearchRecord) -> str:
    return f"{found.percentile} within {found.within_ms:g} ms"


def sentences(found: SearchRecord) -> list[str]:
    """The limits, the highest first; then who has none, and why."""
    told: list[str] = []
    unknown: list[str] = []
    for each in sorted(found.findings, key=lambda each: -(each.limit_rps or 0.0)):
        if each.limit_rps is None:
            unknown.append(f"{each.model}: no limit found, {each.reason}.")
        elif told:
            told.append(f"{each.model} up to {each.limit_rps:,.10g}")
        else:
            told.append(f"{each.model} takes up to {each.limit_rps:,.10g} requests/s")
    limits = f"With a {objective(found)}: {'; '.join(told)}."
    return ([limits] if told else []) + unknown


def lines(found: SearchRecord) -> list[str]:
    """Each limit with what it rests on, one line a model."""
    told = []
    for each in found.findings:
        who = f"{each.model}, {describe_step(each.users, None).replace('users', 'connections')}"
        spent = f"{len(each.tried)} trials"
        if each.limit_rps is None:
            answer = f"no limit for {objective(found)}: {each.reason}"
        else:
            answer = (
                f"{objective(found)} up to {each.limit_rps:,.10g}/s, not at {each.high_rps:,.10g}/s"
            )
        bend = f"; knee at {each.knee_rps:,.10g}/s" if each.knee_rps else ""
        told.append(f"{who}: {answer}{bend} ({spent})")
    return told


def read(folder: RunFolder) -> SearchRecord | None:
    """What a run has found; None for one that sought nothing."""
    path = folder.path / FILE
    if not files.exists(path):
        return None
    return files.model(path, SearchRecord, "remove it, and RESUME the run")
