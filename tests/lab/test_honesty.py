"""Honesty on recorded runs: each fault has its own words, and nothing that it spoiled is ranked.

One model of three is spoiled in every trial; the other two stay ranked. The same faults on live
runs are in tests/e2e/test_honesty.py; two texts under one name in test_likeness.py (compare),
test_resume.py and test_noise.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from lab.analysis.quota import throttled
from lab.analysis.result import Result
from lab.analysis.validity import judge
from lab.records.record import Counters, Link, ServerRecord
from lab.report import doubts, whys
from lab.report.report import Report
from tests.lab import records
from tests.lab.trials import around, report

RATES = {"one": around(1_000), "other": around(500), "third": around(800)}
BLOCKS = len(RATES["one"])
STARVED = {"load_workers": (records.worker(run_delay_s=2.0),)}
FAILING = records.load({500: 9_950}, failures=50, life=records.life(failed=50))


def held_back(throttled_s: float) -> ServerRecord:
    """For so long of the window's ten seconds, with half a CPU used."""
    opened = records.counters(records.OPENS_AT_S, 1.0).model_copy(update={"throttled_s": 40.0})
    closed = records.counters(records.CLOSES_AT_S, 6.0)
    closed = closed.model_copy(update={"throttled_s": 40.0 + throttled_s})
    return records.server(opened=opened, closed=closed)


def spoiled(
    model: str, server: dict[str, Any], load: dict[str, Any], trials: int = BLOCKS
) -> Report:
    """The run with these parts in the place of a model's own, in so many of its trials."""
    found = report(RATES)

    def spoil(each: Result) -> Result:
        if each.server.model != model or each.server.block > trials or each.load is None:
            return each
        changed = each.load.model_copy(update=load)
        parts = {
            name: _when(getattr(each.server, name), part) if isinstance(part, Counters) else part
            for name, part in server.items()
        }
        return Result(each.server.model_copy(update=parts), changed)

    return replace(found, results=[spoil(each) for each in found.results])


def _when(own: Counters, counters: Counters) -> Counters:
    return counters.model_copy(update={"read_at_s": own.read_at_s})


def told_of(found: Report, model: str) -> list[str]:
    rows = [cell for cell in found.cells if cell.model == model]
    return doubts.in_words(rows)


QUOTA = {name: getattr(held_back(4.2), name) for name in ("opened", "closed")}
ERRORS = {"window": FAILING.window, "life": FAILING.life}
LOST = {"outcome": "failed", "reason": "load worker-0 was lost", "last_words": "no"}


@pytest.mark.parametrize(
    ("server", "load", "kind", "detail"),
    [
        ({}, STARVED, "generator", "load worker-0 waited for a CPU 20% of the time"),
        (QUOTA, {}, "invalid", "throttled 42% of the time by a CPU quota"),
        ({}, ERRORS, "erroring", "0.50% of requests failed"),
        (LOST, {}, "invalid", "load worker-0 was lost"),
    ],
)
def test_a_fault_is_told_in_its_own_words_and_nothing_outranks_it(
    server: dict[str, Any], load: dict[str, Any], kind: str, detail: str
) -> None:
    if load is STARVED:  # the server waits for the generator, which has no CPU
        server = {"closed": records.counters(records.CLOSES_AT_S, 5.0)}
    found = spoiled("one", server, load)
    [line] = told_of(found, "one")
    assert line == f"{kind}: one: {doubts.MEANS[kind]} ({detail})."
    [ranking] = found.rankings
    ours = [each for each in ranking.comparisons if "one" in (each.first, each.second)]
    worse = [each.second if each.verdict == "faster" else each.first for each in ours if each.apart]
    assert "one" not in worse, "nothing outranks it"
    assert ("one" in ranking.names) == (kind == "generator")
    assert not told_of(found, "other")


def test_lost_segments_are_not_told_as_a_full_link() -> None:
    links = (Link(host="b", rtt_us=200, bytes_per_s=10**9),)
    found = spoiled("one", {**records.resending(52), "links": links}, {})
    [line] = told_of(found, "one")
    assert line == (
        f"resent: one: {doubts.MEANS['resent']} (5.2% of the server's segments were sent again)."
    )
    assert "one" in found.rankings[0].names, "its rate stands"


@pytest.mark.parametrize(("held_s", "text"), [(0.099, None), (0.101, "1%"), (9.0, "90%")])
def test_a_hundredth_of_the_window_held_back_by_a_quota_is_too_much(
    held_s: float, text: str | None
) -> None:
    judgement = judge(held_back(held_s), records.load())
    assert judgement.verdict == ("invalid" if text else "valid")
    told = [reason.text for reason in judgement.reasons]
    assert told == ([f"throttled {text} of the time by a CPU quota"] if text else [])


def test_a_throttled_server_is_full_with_its_cpu_half_idle() -> None:
    assert judge(held_back(4.2), records.load()).limit == "server"
    assert judge(held_back(0.0), records.load()).limit == "neither"


def test_what_a_quota_held_back_before_the_window_is_no_fault_of_its_figures() -> None:
    """`held_back` begins with 40 s of it."""
    assert throttled(held_back(0.0)) is None


def test_a_record_that_tells_nothing_of_quotas_is_judged_as_before() -> None:
    old = records.server()
    assert old.opened is not None
    assert old.opened.throttled_s is None
    judgement = judge(old, records.load())
    assert (judgement.verdict, judgement.limit) == ("valid", "server")
    half = held_back(9.0).model_copy(update={"closed": None})
    assert judge(half, records.load()).verdict == "valid"


def test_figures_that_do_not_count_are_explained_by_nothing_but_their_fault() -> None:
    """Of a throttled server it would be said that it waits more than it works."""
    found = spoiled("one", QUOTA, {})
    assert [model for model, _ in whys.paragraphs(found.cells)] == ["other", "third"]


def test_one_throttled_trial_is_left_out_and_said() -> None:
    found = spoiled("one", QUOTA, {}, trials=1)
    assert told_of(found, "one")[0].endswith(f"by a CPU quota (1 of {BLOCKS} trials)).")
    cell = found.cells[0]
    assert (cell.trials, cell.invalid, cell.ranks) == (BLOCKS - 1, 1, True)
    assert any("throttled" in line for line in found.shortfall), "and the run is no good one"


def slowing(rates: Sequence[float], share: float) -> list[float]:
    """By `share` from the first block to the last."""
    return [rate * (1 - share * block / (len(rates) - 1)) for block, rate in enumerate(rates)]


def test_a_host_that_slows_is_told_and_makes_no_difference_of_its_own() -> None:
    """Blocks meet it alike: models that are alike stay a tie, and those apart stay apart."""
    rates = {"one": around(1_000), "even": around(1_001, turn=2), "slow": around(700)}
    found = report({model: slowing(each, 0.3) for model, each in rates.items()})
    for model in rates:
        told = "\n".join(told_of(found, model))
        assert re.search(r"drift: .*-[34]\d% from the first block to the last", told), told
    place = found.rankings[0].order.place
    assert (place("one"), place("even"), place("slow")) == ("1-2", "1-2", "3")
    assert not [line for model in rates for line in told_of(report(rates), model)]


def test_time_that_the_hypervisor_stole_is_told_with_the_trials_it_met() -> None:
    second = {
        "t_s": 0, "cpu_share": 0.5, "run_delay_s": 0, "loop_lag_max_us": 0,
        "send_lag_max_us": 0, "bytes": 1, "steal_s": 0.3,
    }  # fmt: skip
    stolen = {"load_workers": (records.worker(seconds=[second] * 10),)}
    found = spoiled("one", {}, stolen, trials=3)
    assert told_of(found, "one") == [
        f"disturbed: one: the hypervisor took 30% of a CPU (3 of {BLOCKS} trials)."
    ]
