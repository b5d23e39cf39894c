"""The published runs in a few sentences: who is fastest, who comes next and last, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.analysis.result import Result
from lab.report.headline import headline
from lab.report.report import Report
from tests.lab import records
from tests.lab.trials import around, report


def rates(**throughputs: float) -> Report:
    found = {
        model: around(rate, turn=turn) for turn, (model, rate) in enumerate(throughputs.items())
    }
    return report(found, trials=10)


TIED = rates(epoll=1_000, poll=1_001, forking=100)


def test_who_is_fastest_who_comes_next_and_who_is_last() -> None:
    said = headline({"a": TIED, "b": rates(poll=900, forking=450, epoll=50)})
    assert said == (
        "**poll is fastest in b.** In a, poll and epoll are too close to order. The next model"
        " reaches half of the best in b.\n\n"
        "- Last is forking in a (a tenth of the best); epoll in b (1/18 of the best)."
    )


def test_where_each_run_has_its_own_fastest_all_are_told() -> None:
    said = headline({"a": rates(poll=1_000, forking=100), "b": rates(poll=450, forking=900)})
    assert said.startswith("**No model is fastest everywhere: poll in a; forking in b.**")


def test_a_last_place_that_two_share_is_not_told() -> None:
    runs = {name: rates(poll=1_000, forking=100, iterative=100.1) for name in "ab"}
    assert "Last is" not in headline(runs)


def forked(found: Report) -> Report:
    """Its forking server made a process for each request."""
    pool = [{"accepted": 1, "answered": 1}]
    account = records.account(forks=12_001, begun=12_001, workers=pool)
    results = []
    for each in found.results:
        server = each.server
        if server.model == "forking" and server.end:
            end = server.end.model_copy(update={"account": account})
            server = server.model_copy(update={"end": end})
        results.append(Result(server, each.load))
    return replace(found, results=results)


def test_each_cause_is_told_once() -> None:
    said = headline({"a": forked(TIED), "b": forked(TIED)})
    assert said.endswith("Why, in a and b: forking starts a process for each request.")


def slowed(found: Report) -> Report:
    """Before every second trial the host ran at half of its speed."""
    results = []
    for number, each in enumerate(found.results):
        settling = each.server.settling.model_copy(update={"spin_us": 100.0 * (1 + number % 2)})
        server = each.server.model_copy(update={"settling": settling})
        results.append(Result(server, each.load))
    return replace(found, results=results)


def test_a_host_whose_speed_varies_is_told() -> None:
    said = headline({"a": TIED, "b": slowed(TIED)})
    assert said.endswith("the host's CPUs ran at 50% to 100% of their best speed.")


@pytest.mark.parametrize("runs", [{}, {"a": TIED}, {"a": TIED, "b": rates(epoll=1)}])
def test_of_fewer_than_two_there_is_nothing_to_sum_up(runs: dict[str, Report]) -> None:
    assert headline(runs) == ""
