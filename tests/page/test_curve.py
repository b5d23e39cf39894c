"""The line of the HDR plot: the histogram's own percentiles, and an end before chance begins."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.report.page.curve import BEYOND, curve
from loadgen.formats import histogram as hdr

COUNTS = st.dictionaries(st.integers(1, 2_000_000), st.integers(1, 5_000), min_size=1, max_size=40)


@settings(deadline=None)
@given(COUNTS)
def test_it_rises_and_says_what_the_histogram_says(counts: dict[int, int]) -> None:
    histogram = hdr.from_counts(counts)
    points = curve(histogram)
    assert list(points) == sorted(points)
    assert [value for _, value in points] == sorted(value for _, value in points)
    for tail, value_us in points[1:]:
        exact = hdr.percentile(histogram, 100 * (1 - 1 / tail))
        assert value_us == pytest.approx(exact, rel=0.002, abs=1) or _on_an_edge(tail, counts)


def _on_an_edge(tail: float, counts: dict[int, int]) -> bool:
    """Where the rank is a whole number but for rounding, either neighbour is right."""
    rank = sum(counts.values()) * (1 - 1 / tail) + 0.5
    return abs(rank - round(rank)) < 1e-6


@settings(deadline=None)
@given(COUNTS)
def test_it_ends_where_ten_answers_are_left(counts: dict[int, int]) -> None:
    total = sum(counts.values())
    points = curve(hdr.from_counts(counts))
    if total < 2 * BEYOND:
        assert points == ()
    else:
        assert points[0][0] == 1.0
        assert math.isclose(points[-1][0], total / BEYOND)


def test_a_billion_answers_are_no_more_than_200_points() -> None:
    assert len(curve(hdr.from_counts({500: 900_000_000, 90_000: 100_000_000}))) <= 200
