"""A difference that was put there: found, missed, or not there to be found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lab.analysis.result import Result
from lab.commands import positive_control
from lab.commands.positive_control import BURNING, MODEL, SERVICE, SHARE
from lab.errors import LabError
from lab.plan import topology
from lab.report.report import Report
from tests.lab import records
from tests.lab.trials import around, report

ROOT = Path(__file__).parents[2]


def test_the_true_ratio_is_found() -> None:
    [line], right = positive_control.verdict(
        report({MODEL: around(1_100), BURNING: around(1_000, turn=1)}), share=0.1
    )
    assert right
    assert "claimed, the interval holds the true 1.100" in line


def test_a_difference_of_another_size_is_not_the_one_that_was_put_there() -> None:
    [line], right = positive_control.verdict(
        report({MODEL: around(1_200), BURNING: around(1_000, turn=1)}), share=0.1
    )
    assert not right
    assert "does NOT hold" in line


def test_a_tie_is_a_miss() -> None:
    [line], right = positive_control.verdict(
        report({MODEL: around(1_100, off=0.5), BURNING: around(1_000, off=0.5, turn=1)}), share=0.1
    )
    assert not right
    assert "NOT claimed" in line


def at_one_rate(blocks: int, share: float) -> Report:
    """Both answer all that they are offered; an answer of the copy costs so much more."""
    results = [
        Result(
            records.server(
                number=block, block=block, model=model, rate_rps=1_000.0,
                closed=records.counters(records.CLOSES_AT_S, 1.0 + cpu_s * (1 + block % 3 / 100)),
            ),
            records.open_load(model=model, latency_us=records.latency({500 + block: 10_000})),
        )
        for model, cpu_s in ((MODEL, 2.0), (BURNING, 2.0 * (1 + share)))
        for block in range(1, blocks + 1)
    ]  # fmt: skip
    return replace(report({}), results=results)


@pytest.mark.parametrize(("blocks", "found"), [(4, False), (5, True)])
def test_five_trials_at_one_rate_find_what_an_answer_costs_more(blocks: int, found: bool) -> None:
    """The p99 is the same: it is no figure in which the burning must appear."""
    [line], right = positive_control.verdict(at_one_rate(blocks, share=0.1), share=0.1)
    assert right == found
    assert "by CPU" in line


def test_a_tenth_within_the_noise_floor_of_the_cost_is_not_claimed() -> None:
    lines, right = positive_control.verdict(
        replace(at_one_rate(5, share=0.1), noise_floors={"CPU": 0.2}), share=0.1
    )
    assert not right
    assert "NOT claimed" in lines[0]


def test_the_wrong_way_round_is_a_miss() -> None:
    _, right = positive_control.verdict(
        report({MODEL: around(1_000), BURNING: around(1_100)}), share=-0.1
    )
    assert not right


def test_what_the_generator_limits_shows_nothing() -> None:
    found = report({MODEL: around(1_100), BURNING: around(1_000)})
    late = records.load(load_workers=(records.worker(run_delay_s=2.0),))
    with pytest.raises(LabError, match="nothing was compared"):
        positive_control.verdict(
            replace(found, results=[replace(each, load=late) for each in found.results]), share=0.1
        )


def test_the_burning_copy_is_the_model_in_everything_else() -> None:
    declared = topology.read(ROOT / "docker-compose.yml", {})
    models = positive_control.with_burning(declared).models
    one, other = models[MODEL], models[BURNING]
    assert other == replace(one, name=BURNING, service=SERVICE, image=other.image)
    assert (other.image, one.image) == ("serverlab-burner", "serverlab-guest")
    assert float(declared.variables[SHARE]) == 0.1
    assert BURNING not in declared.models, "an ordinary run does not know it"
