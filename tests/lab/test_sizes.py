"""Sizes as Compose takes them: docker-compose 1.29 reads them by the `docker` package."""

from __future__ import annotations

import pytest
from docker.utils import parse_bytes
from hypothesis import given
from hypothesis import strategies as st

from lab.plan.sizes import limit_bytes, size_bytes

UNITS = [spelled for unit in "kmg" for spelled in (unit, f"{unit}b")]


@given(
    number=st.integers(0, 10**6).map(str) | st.decimals(0, 10**4, places=3).map(str),
    unit=st.sampled_from(["", "b", *UNITS]),
    upper=st.booleans(),
)
def test_what_compose_takes_is_the_same_here(number: str, unit: str, upper: bool) -> None:
    text = f"{number}{unit.upper() if upper else unit}"
    assert size_bytes(text) == parse_bytes(text)


@pytest.mark.parametrize(
    "text", ["", "g", "4x", "4t", "4gbb", "-1g", "1e9", "4 g b", "1.g", "٤g", "4gib"]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        size_bytes(text)


@pytest.mark.parametrize("text", ["5m", "0", "999999999g"])
def test_what_is_no_limit_of_a_container_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not between"):
        limit_bytes(text)
