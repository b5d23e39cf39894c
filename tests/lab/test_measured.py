"""A bench as evidence: which ratios there are, which way round, and what is claimed of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.claims import measured
from lab.errors import LabError
from lab.records.record import ServerRecord
from lab.report.report import Report
from tests.lab import records
from tests.lab.trials import around, report


def test_a_ratio_is_turned_round_where_it_is_asked_for_the_other_way() -> None:
    found = measured.of(report({"epoll": around(4_000.0), "forking": around(1_000.0)}))
    there, back = found.ratio("epoll", "forking"), found.ratio("forking", "epoll")
    assert there
    assert back
    assert there.apart
    assert back.apart
    assert there.mid == pytest.approx(4.0)
    assert back.mid == pytest.approx(0.25)
    assert back.low == pytest.approx(1 / there.high)


def burns_more(of: Report, model: str, cpu_s: float) -> Report:
    """The same run, in which this model used so much CPU in each window."""

    def changed(server: ServerRecord) -> ServerRecord:
        closed = records.counters(server.closed.read_at_s if server.closed else 0.0, 1.0 + cpu_s)
        return server.model_copy(update={"closed": closed})

    results = [
        replace(each, server=changed(each.server)) if each.server.model == model else each
        for each in of.results
    ]
    return replace(of, results=results)


def test_cpu_for_a_request_is_compared_beside_throughput() -> None:
    alike = report({"epoll": around(4_000.0), "poll": around(4_000.0)})
    cpu = measured.of(burns_more(alike, "epoll", 3.8)).cpu_ratio("poll", "epoll", users=20)
    assert cpu
    assert cpu.apart
    assert cpu.mid == pytest.approx(2.5)
    assert measured.of(alike).cpu_ratio("poll", "epoll", users=7) is None


def test_two_alike_have_a_ratio_and_are_not_apart() -> None:
    found = measured.of(report({"poll": around(4_000.0), "epoll": around(4_000.0, turn=1)}))
    ratio, cpu = found.ratio("poll", "epoll"), found.cpu_ratio("poll", "epoll")
    assert ratio
    assert cpu
    assert not ratio.apart
    assert not cpu.apart
    assert ratio.low < 1 < ratio.high


def test_one_block_makes_no_ratio() -> None:
    assert measured.of(report({"poll": [4_000.0], "epoll": [4_100.0]})).ratios == ()


def test_a_model_that_was_not_measured_has_no_row() -> None:
    found = measured.of(report({"poll": [4_000.0]}))
    assert found.row("poll").requests_per_s == 4_000.0
    with pytest.raises(LabError):
        found.row("epoll")
