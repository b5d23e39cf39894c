"""Ranks: who may be ranked at all, and that nobody else ever is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.analysis.result import Result
from lab.records.record import ServerEnd
from lab.report import ranks, table
from lab.report.report import Report
from loadgen.formats.record import LoadRecord
from tests.lab import records
from tests.lab.trials import around, report


def places(found: Report) -> dict[str, str]:
    [ranking] = found.rankings
    return {name: ranking.order.place(name) for name in ranking.names}


def test_models_apart_have_places_of_their_own_and_alike_ones_share() -> None:
    found = report({"slow": around(900), "quick": around(1_100), "even": around(1_101, turn=2)})
    assert found.rankings[0].by == "throughput"
    assert places(found) == {"even": "1-2", "quick": "1-2", "slow": "3"}


def test_what_is_not_told_apart_is_a_tie_only_where_the_trials_are_close() -> None:
    close = report({"one": around(1_000), "other": around(1_001, turn=3)})
    [line] = ranks.in_words(close.rankings)
    assert line.startswith("20 users: other / one: 1.00"), line
    assert line.endswith("times by throughput: tie")
    wide = report({"one": around(1_000, off=0.2), "other": around(1_001, off=0.2, turn=3)})
    [line] = ranks.in_words(wide.rankings)
    assert line.endswith("not known (the interval holds 1)")


def test_each_model_is_held_against_the_next_the_better_one_first() -> None:
    found = report({"slow": around(500), "quick": around(1_000), "even": around(1_002, turn=3)})
    tie, apart = ranks.in_words(found.rankings)
    assert tie.startswith("20 users: even / quick: 1.002 [")
    assert apart.startswith("20 users: quick / slow: 2.000 [")
    assert apart.endswith("] times by throughput: faster (far apart)")
    [ranking] = found.rankings
    for each in ranking.pairs:
        assert each.turned.turned == each
        assert each.ratio is not None
        assert each.turned.ratio is not None
        assert each.turned.ratio.interval.mid == pytest.approx(1 / each.ratio.interval.mid)


def test_pairs_of_too_few_trials_are_counted_not_listed() -> None:
    few = {"a": [100.0, 101.0], "b": [110.0, 112.0], "c": [120.0, 119.0]}
    assert ranks.in_words(report(few).rankings) == ["2 pairs more: not known (too few blocks)"]


def test_what_the_noise_could_do_is_no_difference() -> None:
    rates = {"one": around(1_000), "other": around(1_050)}
    assert set(places(report(rates)).values()) == {"1", "2"}
    assert set(places(report(rates, floor=0.06)).values()) == {"1-2"}


def spoiled(found: Report, model: str, load: LoadRecord, trials: int) -> Report:
    """So many trials of a model were measured as this one."""
    results = [
        Result(each.server, load) if each.server.model == model and each.server.block <= trials
        else each
        for each in found.results
    ]  # fmt: skip
    return replace(found, results=results)


def test_a_figure_that_is_not_the_servers_own_is_a_lower_bound() -> None:
    """It outranks what lies below it, and nothing outranks it."""
    found = report({"one": around(900), "other": around(500), "third": around(1_800)})
    assert places(found) == {"third": "1", "one": "2", "other": "3"}
    late = records.load(
        model="one", throughput_rps=900.0, load_workers=(records.worker(run_delay_s=2.0),)
    )
    held_back = spoiled(found, "one", late, trials=10)
    assert held_back.rankings[0].at_least == {"one"}
    assert places(held_back) == {"third": "1-2", "one": "1-2", "other": "3"}
    assert places(spoiled(found, "one", late, trials=2)) == places(found)


def test_a_figure_that_was_not_measured_right_is_not_ranked() -> None:
    found = report({"one": around(1_000), "other": around(500), "third": around(800)})
    miscounted = records.load(model="one", life=records.life(connected=1))
    assert places(spoiled(found, "one", miscounted, trials=10)) == {"third": "1", "other": "2"}
    assert len(places(spoiled(found, "one", miscounted, trials=1))) == 3


def test_a_lone_model_has_no_rank() -> None:
    assert report({"one": around(1_000)}).rankings == []


def test_an_open_loop_ranks_by_the_slowest_answers_and_by_their_cost() -> None:
    results = []
    for model, p99_us, cpu_s in (("dear", 500, 9.0), ("cheap", 5_000, 3.0)):
        for block in range(1, 11):
            server = records.server(
                number=block, block=block, model=model, rate_rps=1_000.0,
                opened=records.counters(records.OPENS_AT_S, 1.0),
                closed=records.counters(records.CLOSES_AT_S, cpu_s + block / 100),
            )  # fmt: skip
            times = records.latency({p99_us + block: 10_000})
            results.append(Result(server, records.open_load(model=model, latency_us=times)))
    found = replace(report({}), results=results)
    assert [(each.by, each.names) for each in found.rankings] == [
        ("p99", ("dear", "cheap")),
        ("CPU", ("cheap", "dear")),
    ]
    assert all(each.order.place(each.names[0]) == "1" for each in found.rankings)


def test_a_reference_is_ranked_among_the_models_and_marked() -> None:
    found = report({"one": around(1_000), "nginx": around(9_000), "third": around(800)})
    found = replace(found, results=[without_account(each, "nginx") for each in found.results])
    [ranking] = found.rankings
    assert ranking.names == ("nginx", "one", "third")
    shown = table.render(found.cells, found.rankings)
    assert [line.split()[0] for line in shown.splitlines()[2:]] == ["one", "nginx*", "third"]
    assert any(line.startswith("* a reference:") for line in found.reading)
    assert not any(line.startswith("*") for line in report({"one": around(1_000)}).reading)


def without_account(result: Result, reference: str) -> Result:
    if result.server.model != reference:
        return result
    end = ServerEnd(exit_code=0, oom_killed=False, account_missing="none", reference=True)
    return replace(result, server=result.server.model_copy(update={"end": end}))
