"""The arithmetic of a stall, against arrivals spread evenly over a cycle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.loadgen.stall import response_s

ARRIVALS = 20_000


@pytest.mark.parametrize(
    ("percent", "expected_s"), [(50, 0.0), (90, 0.0), (95, 0.5), (99, 0.9), (100, 1.0)]
)
def test_one_second_in_ten(percent: float, expected_s: float) -> None:
    assert response_s(percent, 1.0, 10.0, 0.0) == pytest.approx(expected_s)


@given(
    percent=st.floats(1, 99.9),
    share=st.floats(0.01, 0.99),
    cycle_s=st.floats(0.1, 100),
    service_s=st.floats(0, 1),
)
def test_it_is_what_evenly_spread_arrivals_meet(
    percent: float, share: float, cycle_s: float, service_s: float
) -> None:
    stall_s = share * cycle_s
    at_s = (np.arange(ARRIVALS) + 0.5) / ARRIVALS * cycle_s
    responses_s = np.maximum(0.0, stall_s - at_s) + service_s
    expected_s = float(np.percentile(responses_s, percent))
    assert response_s(percent, stall_s, cycle_s, service_s) == pytest.approx(
        expected_s, abs=2 * cycle_s / ARRIVALS
    )


@given(lower=st.floats(0, 100), higher=st.floats(0, 100), stall_s=st.floats(0, 10))
def test_a_higher_percentile_is_no_shorter(lower: float, higher: float, stall_s: float) -> None:
    least, most = sorted((lower, higher))
    assert response_s(least, stall_s, 10.0, 0.1) <= response_s(most, stall_s, 10.0, 0.1)
