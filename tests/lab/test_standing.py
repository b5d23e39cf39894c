"""Ranks: who may be ranked at all, and that nobody else ever is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab import ranks, table
from lab.record import ServerEnd
from lab.report import Report
from lab.result import Result
from loadgen.record import LoadRecord
from tests.lab import records
from tests.lab.trials import around, report


def test_models_apart_have_letters_of_their_own_and_alike_ones_share() -> None:
    found = report({"slow": around(900), "quick": around(1_100), "even": around(1_101, turn=2)})
    [standing] = found.standings
    assert standing.by == "throughput"
    assert standing.groups["quick"] == standing.groups["even"] == "a"
    assert standing.groups["slow"] == "b"


def test_ties_are_printed_as_ties() -> None:
    found = report({"one": around(1_000), "other": around(1_001, turn=3)})
    lines = ranks.in_words(found.cells, found.standings, None)
    assert lines[0].startswith("20 users: other and one tie by throughput, 1.00"), lines
    assert lines[0].endswith("]: the interval holds 1")
    assert "make aa" in lines[-1], "the floor is not known"


def test_each_model_is_held_against_the_next_the_better_one_first() -> None:
    found = report({"slow": around(500), "quick": around(1_000), "even": around(1_002, turn=3)})
    tie, apart, _ = ranks.in_words(found.cells, found.standings, 0.01)
    assert tie.startswith("20 users: even and quick tie by throughput, 1.002 [")
    assert apart.startswith("20 users: quick is 2.000 [")
    assert apart.endswith("] times slow by throughput")
    [standing] = found.standings
    for each in standing.pairs:
        assert each.turned.turned == each
        assert each.ratio is not None
        assert each.turned.ratio is not None
        assert each.turned.ratio.interval.mid == pytest.approx(1 / each.ratio.interval.mid)


def test_what_the_noise_could_do_is_no_difference() -> None:
    rates = {"one": around(1_000), "other": around(1_050)}
    assert len(set(report(rates).standings[0].groups.values())) == 2
    assert len(set(report(rates, floor=0.06).standings[0].groups.values())) == 1


def without(found: Report, model: str, load: LoadRecord, trials: int) -> list[str]:
    """Who is ranked once so many trials of a model were measured as this one."""
    spoiled = [
        Result(each.server, load) if each.server.model == model and each.server.block <= trials
        else each
        for each in found.results
    ]  # fmt: skip
    [standing] = replace(found, results=spoiled).standings
    return sorted(standing.groups)


def test_a_model_whose_figures_are_not_the_servers_own_is_not_ranked() -> None:
    found = report({"one": around(1_000), "other": around(500), "third": around(800)})
    saturated = records.load(model="one", load_workers=(records.worker(run_delay_s=2.0),))
    miscounted = records.load(model="one", life=records.life(connected=1))
    assert without(found, "one", saturated, trials=3) == ["other", "third"]
    assert without(found, "one", saturated, trials=2) == ["one", "other", "third"]
    assert without(found, "one", miscounted, trials=10) == ["other", "third"]
    assert without(found, "one", miscounted, trials=1) == ["one", "other", "third"]


def test_a_reference_is_ranked_among_the_models_and_marked() -> None:
    found = report({"one": around(1_000), "nginx": around(9_000), "third": around(800)})
    found = replace(found, results=[without_account(each, "nginx") for each in found.results])
    [standing] = found.standings
    assert list(standing.groups) == ["nginx", "one", "third"]
    assert standing.groups["nginx"] == "a"
    shown = table.render(found.cells, found.standings)
    assert [line.split()[0] for line in shown.splitlines()[2:]] == ["one", "nginx*", "third"]
    assert any(line.startswith("* a reference:") for line in found.reading)
    assert not any(line.startswith("*") for line in report({"one": around(1_000)}).reading)


def without_account(result: Result, reference: str) -> Result:
    if result.server.model != reference:
        return result
    end = ServerEnd(exit_code=0, oom_killed=False, account_missing="none", reference=True)
    return replace(result, server=result.server.model_copy(update={"end": end}))


def test_a_lone_model_has_no_rank() -> None:
    assert report({"one": around(1_000)}).standings == []


def test_an_open_loop_ranks_by_the_slowest_answers() -> None:
    results = []
    for model, p99_us in (("slow", 5_000), ("quick", 500)):
        for block in range(1, 11):
            server = records.server(
                number=block, block=block, model=model, rate_rps=1_000.0,
                closed=records.counters(records.CLOSES_AT_S, 3.0),
            )  # fmt: skip
            times = records.latency({p99_us + block: 10_000})
            results.append(Result(server, records.open_load(model=model, latency_us=times)))
    found = replace(report({}), results=results)
    [standing] = found.standings
    assert (standing.by, standing.groups) == ("p99", {"quick": "a", "slow": "b"})
