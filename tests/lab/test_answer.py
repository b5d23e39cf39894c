"""The answer: who does most, what the others reach and why, ties, lower bounds, and belief."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.analysis.found_rate import SearchRecord
from lab.analysis.mechanism import Mechanism
from lab.analysis.phrases import FRACTIONS, LEAST, listed, rounded, share, times
from lab.analysis.result import Result
from lab.report.answer_groups import Group, by_cause
from lab.report.report import Report
from tests.lab import records
from tests.lab.trials import around, report


def said(found: Report) -> str:
    return " ".join(found.answer)


def changed(found: Report, model: str, load: dict[str, Any] | None = None, **server: Any) -> Report:
    results = [
        Result(
            each.server.model_copy(update=server),
            each.load and each.load.model_copy(update=load or {}),
        )
        if each.server.model == model
        else each
        for each in found.results
    ]
    return replace(found, results=results)


LATE = {"load_workers": (records.worker(run_delay_s=2.0),)}


def test_who_does_most_is_said_first_and_what_the_others_reach_of_it() -> None:
    found = report({"half": around(3_650), "most": around(7_300), "little": around(146)})
    assert said(found) == (
        "most answers most, about 7,300 requests/s. half reaches half of the best. little reaches"
        " 1/50 of the best. 10 trials each."
    )


def test_ties_are_said_as_ties() -> None:
    found = report({"one": around(7_300), "other": around(7_310, turn=3)})
    assert said(found).startswith("other and one answer most, about 7,300 requests/s.")
    assert said(found).endswith("Ties (less than 5 % apart): other and one.")


def test_an_order_that_is_not_known_is_no_tie() -> None:
    found = report({"one": around(7_300, off=0.2), "other": around(7_310, off=0.2, turn=3)})
    assert said(found).endswith("These trials do not order other and one.")


def test_many_orders_that_are_not_known_are_not_listed() -> None:
    rates = {name: around(at * 1_000, off=0.1) for at, name in enumerate("abcdef", 1)}
    near = {f"{name}2": around(at * 1_000 + 9, off=0.1, turn=3) for at, name in enumerate("abc", 1)}
    told = said(report({**rates, **near}))
    assert told.endswith("do not order all neighbours: the ranks in the table say which.")
    assert "; nor " not in told


def test_a_figure_that_the_generator_held_back_is_a_lower_bound() -> None:
    rates = {"quick": around(5_000), "slow": around(500)}
    found = changed(report(rates), "quick", LATE)
    assert "quick answers most, at least 5,000 requests/s. slow reaches at most a" in said(found)
    held_back = changed(report(rates), "slow", LATE)
    assert "slow reaches at least a tenth of the best" in said(held_back)
    both = changed(found, "slow", LATE)
    assert "slow answers at least 500 requests/s." in said(both)


def test_users_without_an_answer_are_said_beside_the_rate() -> None:
    connections = records.load().connections.model_copy(update={"unserved": 19})
    found = changed(
        report({"one": around(7_300), "other": around(100)}), "one", {"connections": connections}
    )
    assert said(found).startswith("one (answered 1 of 20 users) answers most, about 7,300")


@pytest.mark.parametrize(
    ("forks", "begun", "why"),
    [
        (12_001, 12_001, "it starts a process for each request"),
        (0, 12_001, "it starts a thread for each request"),
    ],
)
def test_the_reason_comes_from_the_kernels_counters(forks: int, begun: int, why: str) -> None:
    account = records.account(forks=forks, begun=begun, workers=[{"accepted": 1, "answered": 1}])
    end = records.server().end
    assert end is not None
    slow = end.model_copy(update={"account": account})
    found = changed(report({"one": around(7_300), "other": around(730)}), "other", end=slow)
    assert f"other reaches a tenth of the best: {why}." in said(found)


def test_without_another_reason_the_cost_of_a_request_is_told() -> None:
    found = report({"one": around(7_300), "other": around(3_650)})
    dear = records.counters(0.0, 20.0)
    results = [
        Result(
            each.server.model_copy(
                update={
                    "closed": dear.model_copy(update={"read_at_s": each.server.closed.read_at_s})
                }
            ),
            each.load,
        )
        if each.server.model == "other" and each.server.closed
        else each
        for each in found.results
    ]
    told = said(replace(found, results=results))
    assert (
        "other reaches half of the best: it uses twice as much CPU time per request as the best."
        in told
    )


@pytest.mark.parametrize(
    ("own_us", "switches", "more"),
    [
        (20.0, 0.0, ", the extra mostly in the kernel"),
        (110.0, 0.0, ", the extra mostly in its own code"),
        (60.0, 0.0, ""),
        (60.0, 1.1, ", and one more context switch"),
        (60.0, 4.2, ", and 4 more context switches"),
    ],
)
def test_where_the_extra_cost_is_spent_is_told(own_us: float, switches: float, more: str) -> None:
    [cell] = report({"one": around(500)}).cells
    best = Mechanism(
        cpu_us=50.0, cpu_user_us=10.0, voluntary_switches=0.0, involuntary_switches=0.0
    )
    ours = replace(best, cpu_us=150.0, cpu_user_us=own_us, voluntary_switches=switches)
    top = Group((replace(cell, model="top", mechanism=best),), "about", 1_000.0)
    [(_, why)] = by_cause(Group((replace(cell, mechanism=ours),), "about", 500.0), top)
    assert why == f": it uses 3 times as much CPU time per request as the best{more}"


@pytest.mark.parametrize(
    ("blocks", "belief"),
    [(1, "One trial each: a first look."), (2, "2 trials each: a first look."), (3, "3 trials")],
)
def test_a_first_look_says_so_and_still_says_which_did_more(blocks: int, belief: str) -> None:
    told = said(report({"a": around(90, blocks=blocks), "b": around(900, blocks=blocks)}))
    assert told.startswith("b answers most, about ")
    assert "a reaches a tenth of the best" in told
    assert belief in told
    assert "do not order" not in told


def test_who_is_not_proved_to_do_more_has_the_highest_median() -> None:
    close = {"a": around(900, blocks=3), "b": around(700, blocks=3)}
    assert said(report(close)).startswith("a has the highest median, about 900 requests/s. b reach")
    apart = report({**close, "b": around(500, blocks=3)})
    assert said(apart).startswith("a answers most, about 900")


def test_a_single_model_is_not_compared() -> None:
    assert said(report({"one": around(7_300)})) == (
        "one answers about 7,300 requests/s. 10 trials each."
    )


def ladder(low: Report, high: Report) -> Report:
    """Of 20 users, and of 200."""
    above = [
        Result(
            each.server.model_copy(update={"users": 200}),
            each.load and each.load.model_copy(update={"users": 200}),
        )
        for each in high.results
    ]
    return replace(low, results=[*low.results, *above])


def test_of_a_ladder_both_ends_are_said() -> None:
    low = report({"a": around(900), "b": around(300)})
    told = said(ladder(low, report({"a": around(300), "b": around(900)})))
    assert told.startswith("With 20 users, a answers most, about 900 requests/s. With 200 users, b")
    assert told.count("reaches") == 1


def test_who_has_no_trial_at_the_top_of_a_ladder_is_named() -> None:
    low = report({"a": around(900), "b": around(300), "c": around(30)})
    told = said(ladder(low, report({"b": around(900)})))
    assert "Not tried there: a and c." in told


def test_a_figure_that_may_not_be_trusted_leads_nothing() -> None:
    spoilt = {"life": records.life(connected=1)}
    found = changed(report({"one": around(7_300), "other": around(100)}), "one", spoilt)
    assert said(found).startswith("other answers most") or said(found).startswith("other answers")
    assert "one: no figure to trust; the reason is below." in said(found)


def test_nothing_measured() -> None:
    assert said(report({})) == "No trial measured anything."


def open_loop(p99s_us: dict[str, int], cpus_s: dict[str, float]) -> Report:
    results = []
    for model, p99_us in p99s_us.items():
        for block in range(1, 11):
            server = records.server(
                number=block, block=block, model=model, rate_rps=1_000.0,
                closed=records.counters(records.CLOSES_AT_S, 1.0 + cpus_s[model]),
            )  # fmt: skip
            times_us = records.latency({p99_us + block: 10_000})
            results.append(Result(server, records.open_load(model=model, latency_us=times_us)))
    return replace(report({}), results=results)


def test_an_open_loop_is_answered_by_time_and_by_cost() -> None:
    found = open_loop({"quick": 1_000, "slow": 3_000}, {"quick": 2.0, "slow": 6.0})
    told = said(found)
    assert told.startswith("At 1,000 requests/s, quick answers soonest: 99 of 100 within 1.0 ms.")
    assert "slow takes 3 times as long" in told
    assert "quick spends least CPU time on an answer, about 200 us; slow 3 times as much." in told


def test_a_search_is_answered_by_its_limits() -> None:
    findings: list[dict[str, Any]] = [
        {"model": model, "users": 100, "tried": [], "low_rps": low, "high_rps": 9_999.0,
         "limit_rps": low, "reason": None if low else "nothing was tried", "knee_rps": None}
        for model, low in (("slow", 700.0), ("quick", 9_000.0), ("lost", None))
    ]  # fmt: skip
    search = SearchRecord.model_validate(
        {"percentile": "p99", "within_ms": 10.0, "trials": 12, "findings": findings}
    )
    assert said(replace(report({}), search=search)) == (
        "With a p99 within 10 ms: quick takes up to 9,000 requests/s; slow up to 700."
        " lost: no limit found, nothing was tried."
    )


@given(st.floats(1e-3, 1e9))
def test_a_rounded_bound_stays_true(value: float) -> None:
    assert float(rounded(value, "at least").replace(",", "")) <= value * (1 + 1e-9)
    assert float(rounded(value, "at most").replace(",", "")) >= value * (1 - 1e-9)


@given(st.floats(1e-3, 0.95))
def test_a_share_that_is_a_bound_stays_true(value: float) -> None:
    for bound, holds in (("at least", float.__le__), ("at most", float.__ge__)):
        words = share(value, bound)  # type: ignore[arg-type]
        known = {f"{text} of the best": each for each, text in FRACTIONS.items()}
        if words != "nearly as much":
            told = known.get(words) or 1 / int(words.removeprefix("1/").split()[0])
            assert holds(told, value * (1 - 1e-9 if holds is float.__ge__ else 1 + 1e-9)), words


@given(st.floats(1e-3, 1e9))
def test_a_rounded_figure_is_within_five_per_cent(value: float) -> None:
    assert float(rounded(value).replace(",", "")) == pytest.approx(value, rel=0.051)


@given(st.floats(LEAST, 0.95))
def test_a_share_in_words_is_within_a_sixth(value: float) -> None:
    [fraction] = [
        each for each, words in FRACTIONS.items() if share(value) == f"{words} of the best"
    ]
    assert fraction == pytest.approx(value, rel=0.16)


def test_small_phrases() -> None:
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "a", "a and b", "a, b and c",
    ]  # fmt: skip
    assert [times(2.0), times(1.26), times(12.3), times(3.0)] == [
        "twice", "1.3 times", "12 times", "3 times",
    ]  # fmt: skip
    assert (share(0.97), share(0.02)) == ("nearly as much", "1/50 of the best")
