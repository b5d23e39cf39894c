"""The short form of `python -m tests.hostile`: seconds for each model."""

from __future__ import annotations

import pytest

from servers.runtime.knobs import MODELS
from tests.hostile.ordeal import faults, ordeal


@pytest.mark.parametrize("model", MODELS)
def test_an_honest_client_among_hostile_neighbours(model: str) -> None:
    outcome = ordeal(model, seconds=2.0, timeout_s=0.5)
    assert faults(outcome) == []
    assert outcome.answered > 0
    assert outcome.asked > 5 or model == "iterative"
