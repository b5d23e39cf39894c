"""The table of the notes: seven models, two columns. Is the order the same here?

The second column is in requests per second. What the first one counts the notes do not say: it is
taken as one more figure of which more is better. The same seven serve the articles' guestbook here,
a page from Redis on a fresh connection. Hosts and languages differ (the articles' are in C), so
figures cannot be compared, but orders can. Kendall's tau-b is 1 for the same order, 0 for none, -1
for the opposite one. A pair counts as changed only where our trials tell the two apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lab.claims import (
    Bars,
    Claim,
    Experiment,
    Laboratory,
    Measured,
    Verdict,
    rates_of_articles,
    tau_b,
)

SCENARIO = "experiments/scenarios/seven-models.yml"
USERS = 50
MODELS = ("iterative", "forking", "preforked", "threaded", "prethreaded", "poll", "epoll")
NAMES = {"Iterative": "iterative", "Forking": "forking", "Pre-forking": "preforked"}
NAMES |= {"Threaded": "threaded", "PreThreaded": "prethreaded", "Poll": "poll", "Epoll": "epoll"}
PAIRS = len(MODELS) * (len(MODELS) - 1) // 2
MOST = 0.5  # of the pairs that are told apart

CLAIM = Claim(
    id="test-table",
    quote="""Tests :
Iterative : 1440, 201.86 [#/sec]
Forking : 2252, 214.68 [#/sec]
Pre-forking : 3334, 335.27 [#/sec]
Threaded : 4209, 422.87 [#/sec]
PreThreaded : 4402, 326.70 [#/sec]
Poll : 2853, 432.05 [#/sec]
Epoll : 3493, 506.22 [#/sec]""",
    if_true="Whichever of two models is faster in the table is faster here.",
    if_false="Pairs that are told apart stand the other way round.",
    control="All seven answer all users without a failure, and some pairs are told apart at all.",
    knob="the model",
)


@dataclass(frozen=True)
class Line:
    """A model in the table of the notes, and in the articles at as many users as here."""

    model: str
    first: float
    per_s: float
    articles_per_s: float | None


@dataclass(frozen=True)
class Evidence:
    table: tuple[Line, ...]
    ours: Measured


def gather(lab: Laboratory) -> Evidence:
    return Evidence(table(), lab.bench(SCENARIO, models=MODELS, users=(USERS,), trials=3))


def table() -> tuple[Line, ...]:
    """As the notes have it."""
    articles = rates_of_articles()
    lines = re.findall(r"^([\w-]+) : (\d+), ([\d.]+) ", CLAIM.quote, re.M)
    return tuple(
        Line(NAMES[name], float(first), float(rate), articles[NAMES[name]].get(USERS))
        for name, first, rate in lines
    )


def judge(seen: Evidence) -> Verdict:
    rows = seen.ours.rows
    if {row.model for row in rows} != set(MODELS) or len(seen.table) != len(MODELS):
        return Verdict("inconclusive", "Not all seven were measured.")
    if not seen.ours.all_answered:
        return Verdict("inconclusive", "Requests failed, or users got no answer.")
    told_apart, changed = _pairs(seen)
    if not told_apart:
        return Verdict("inconclusive", "Our trials tell no two models apart.")
    same = 1 - len(changed) / told_apart
    told = (
        f"Our trials order {told_apart} of {PAIRS} pairs of models, {told_apart - len(changed)} of"
        f" them as in the notes.{_why(seen, changed)} How alike are the orders, by Kendall's tau-b"
        f" (1: the same, 0: no relation)? With the notes' requests/s {_tau(seen, 'per_s')}. With"
        f" their first column, which has no unit, {_tau(seen, 'first')}. With the articles at"
        f" {USERS} users {_tau(seen, 'articles_per_s')}."
    )
    if not changed:
        return Verdict("supported", told)
    return Verdict("refined" if same > MOST else "refuted", told)


def _pairs(seen: Evidence) -> tuple[int, list[tuple[str, str]]]:
    """How many are told apart, and those that changed places: the faster one here first."""
    theirs = {line.model: line.per_s for line in seen.table}
    apart = [each for each in seen.ours.ratios if each.apart]
    ordered = [(r.first, r.second) if r.mid > 1 else (r.second, r.first) for r in apart]
    return len(ordered), [(one, other) for one, other in ordered if theirs[one] < theirs[other]]


def _tau(seen: Evidence, column: str) -> str:
    ours = {row.model: row.requests_per_s for row in seen.ours.rows}
    theirs = {line.model: value for line in seen.table if (value := getattr(line, column))}
    found = tau_b(ours, theirs)
    return "unknown" if found is None else f"{found:.2f}"


def _why(seen: Evidence, changed: list[tuple[str, str]]) -> str:
    """Who changed places, and what the evidence says on the reason."""
    lines = ""
    if changed:
        pairs = ", ".join(f"{one} is faster than {other}" for one, other in changed)
        lines += f" Other than in the notes, {pairs}."
    forking, iterative = (seen.ours.row(name).cpu_us for name in ("forking", "iterative"))
    if any(other == "forking" for _, other in changed) and forking and iterative:
        lines += (
            f" A fork costs: forking takes {forking:,.0f} us of CPU for a request, iterative"
            f" {iterative:,.0f}."
        )
    held = [row.model for row in seen.ours.rows if row.limit != "server"]
    if held:
        lines += (
            f" The load generator was a limit too for {', '.join(held)}: these are lower bounds."
        )
    return lines


def bars(seen: Evidence) -> Bars:
    return Bars(
        f"The guestbook on fresh connections, {USERS} users",
        "requests/s",
        tuple((row.model, row.requests_per_s) for row in seen.ours.rows),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
