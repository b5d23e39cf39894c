"""A difference that was put there: found, missed, or not there to be found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lab import known, topology
from lab.errors import LabError
from lab.known import BURNING, MODEL, SERVICE, SHARE
from tests.lab import records
from tests.lab.trials import around, report

ROOT = Path(__file__).parents[2]


def test_the_true_ratio_is_found() -> None:
    [line], right = known.verdict(
        report({MODEL: around(1_100), BURNING: around(1_000, turn=1)}), share=0.1
    )
    assert right
    assert "claimed, the interval holds the true 1.100" in line


def test_a_difference_of_another_size_is_not_the_one_that_was_put_there() -> None:
    [line], right = known.verdict(
        report({MODEL: around(1_200), BURNING: around(1_000, turn=1)}), share=0.1
    )
    assert not right
    assert "does NOT hold" in line


def test_a_tie_is_a_miss() -> None:
    [line], right = known.verdict(
        report({MODEL: around(1_100, off=0.5), BURNING: around(1_000, off=0.5, turn=1)}), share=0.1
    )
    assert not right
    assert "NOT claimed" in line


def test_the_wrong_way_round_is_a_miss() -> None:
    _, right = known.verdict(report({MODEL: around(1_000), BURNING: around(1_100)}), share=-0.1)
    assert not right


def test_what_the_generator_limits_shows_nothing() -> None:
    found = report({MODEL: around(1_100), BURNING: around(1_000)})
    late = records.load(load_workers=(records.worker(run_delay_s=2.0),))
    with pytest.raises(LabError, match="nothing was compared"):
        known.verdict(
            replace(found, results=[replace(each, load=late) for each in found.results]), share=0.1
        )


def test_the_burning_copy_is_the_model_in_everything_else() -> None:
    declared = topology.read(ROOT / "docker-compose.yml", {})
    models = known.with_burning(declared).models
    one, other = models[MODEL], models[BURNING]
    assert other == replace(one, name=BURNING, service=SERVICE, image=other.image)
    assert (other.image, one.image) == ("serverlab-burner", "serverlab-guest")
    assert float(declared.variables[SHARE]) == 0.1
    assert BURNING not in declared.models, "an ordinary run does not know it"
