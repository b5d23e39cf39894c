"""The articles' curves beside a run's: read between steps, and how alike the orders are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.report.page import articles
from lab.report.page.gather import gather
from lab.statistics.agreement import tau_b
from tests.page import runs

STEPS = (20, 100, 300, 1_000)


def test_the_articles_have_seven_models_and_start_at_20_users() -> None:
    found = articles.articles()
    assert set(found) == set(runs.NATURES)
    assert {min(rates) for rates in found.values()} == {20}
    assert found["epoll"][1_000] == 2_439


def test_between_two_steps_a_curve_is_read_by_a_straight_line() -> None:
    rates = {100: 10.0, 10_000: 30.0}
    assert articles.at(rates, 100) == 10.0
    assert articles.at(rates, 1_000) == pytest.approx(20.0)
    assert articles.at(rates, 50) is None
    assert articles.at(rates, 20_000) is None


RATES = st.dictionaries(st.sampled_from("abcdefg"), st.floats(1, 1e4), min_size=3)


@given(RATES)
def test_an_order_agrees_with_itself_and_not_with_its_opposite(rates: dict[str, float]) -> None:
    found = tau_b(rates, rates)
    if found is None:
        assert len(set(rates.values())) == 1
        return
    assert found == pytest.approx(1.0)
    assert tau_b(rates, {name: -rate for name, rate in rates.items()}) == pytest.approx(-1)


def test_two_models_make_no_order() -> None:
    assert tau_b({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 2.0}) is None


def test_a_ladder_is_held_beside_the_articles_at_each_step() -> None:
    [plot] = articles.plots(gather(runs.run(users=STEPS, trials=1)))
    assert [row[0] for row in plot.rows] == ["20", "100", "300", "1,000"]
    assert all(-1 <= float(row[2]) <= 1 for row in plot.rows)
    assert "Kendall's tau-b is" in plot.caption
    assert plot.spec is not None
    rows = plot.spec["datasets"]["rows"]
    assert {row["whose"] for row in rows} == {"this run", "the articles, in C"}
    assert max(row["share"] for row in rows) == 1.0


@pytest.mark.parametrize(
    ("models", "users"), [(("epoll", "poll"), STEPS), (tuple(runs.NATURES), (20, 100))]
)
def test_without_a_ladder_or_with_two_models_there_is_none(
    models: tuple[str, ...], users: tuple[int, ...]
) -> None:
    assert articles.plots(gather(runs.run(models=models, users=users, trials=1))) == []
