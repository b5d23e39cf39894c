"""From figures to a ratio and a verdict."""

from __future__ import annotations

import pytest

from benchmarks.inside.measured import RATE, Measured
from benchmarks.servers.comparison import compare
from benchmarks.servers.inside.rows import Row, Side

FAST, SLOW = Side("fast", "lab"), Side("slow", "lab")
NGINX, APACHE = Side("nginx", "nginx"), Side("apache", "nginx")


def row(floor: float = 2.0) -> Row:
    return Row("row", "ab", (FAST,), (NGINX,), floor)


def rates(side: Side, *values: float | None, faults: str = "") -> list[Measured]:
    return [
        Measured("row", side.name, number, {} if value is None else {RATE: value}, faults)
        for number, value in enumerate(values, start=1)
    ]


def test_the_ratio_is_the_median_of_the_rounds_ratios_not_the_ratio_of_medians() -> None:
    figures = rates(FAST, 100, 200, 300) + rates(NGINX, 50, 50, 300)
    found = compare(row(), figures)
    assert found.ratio.values == (2.0, 4.0, 1.0)
    assert found.ratio.value == 2.0  # of the medians: 4
    assert (found.ours.rate_per_s, found.theirs.rate_per_s) == (200, 50)


@pytest.mark.parametrize(("floor", "verdict"), [(2.0, "pass"), (2.01, "below")])
def test_a_row_that_reaches_its_floor_passes(floor: float, verdict: str) -> None:
    assert compare(row(floor), rates(FAST, 100) + rates(NGINX, 50)).ratio.verdict == verdict


def test_rounds_pair_by_number_in_whatever_order_they_came() -> None:
    figures = rates(FAST, 100, 400)[::-1] + rates(NGINX, 50, 100)
    assert compare(row(), figures).ratio.values == (2.0, 4.0)


def test_figures_of_other_rows_do_not_count() -> None:
    other = Measured("another row", FAST.name, 1, {RATE: 1.0})
    assert compare(row(), [other, *rates(FAST, 100), *rates(NGINX, 50)]).ratio.values == (2.0,)


def test_a_run_with_faults_is_not_compared_and_spoils_the_verdict() -> None:
    figures = rates(FAST, 100) + rates(FAST, 100, faults="3 failed")[:1]
    figures = [*rates(FAST, 100), Measured("row", "fast", 2, {RATE: 900.0}, "3 failed")]
    found = compare(row(), figures + rates(NGINX, 50, 50))
    assert found.ratio.values == (2.0,)
    assert found.ours.faults == ("3 failed",)
    assert found.ours.rate_per_s == 100
    assert found.ratio.verdict == "erring"


def test_a_side_that_never_answers_leaves_nothing_to_compare() -> None:
    found = compare(row(), rates(FAST, 100) + rates(NGINX, None, faults="reset"))
    assert (found.ratio.value, found.theirs.rate_per_s, found.ratio.verdict) == (
        None,
        None,
        "erring",
    )


def test_the_best_of_each_kind_stand_for_it() -> None:
    wide = Row("row", "ab", (SLOW, FAST), (NGINX, APACHE), 1.0)
    figures = rates(SLOW, 10, 900, 10) + rates(FAST, 100, 100, 100)
    found = compare(wide, figures + rates(NGINX, 60, 60, 60) + rates(APACHE, 50, 70, 50))
    assert (found.ours.name, found.theirs.name) == ("fast", "nginx")
    assert [side.name for side in found.others] == ["slow", "apache"]
    assert found.ratio.value == pytest.approx(100 / 60)
