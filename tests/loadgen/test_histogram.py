"""Histograms: encoding and merging lose nothing, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given, settings
from hypothesis import strategies as st

from loadgen import histogram as hdr

COUNTS = st.dictionaries(st.integers(1, hdr.HIGHEST_US), st.integers(1, 2**40), max_size=40)


def contents(histogram: HdrHistogram) -> dict[int, int]:
    return dict(hdr.steps(histogram))


@settings(max_examples=30)
@given(COUNTS)
def test_decoding_gives_what_was_encoded(counts: dict[int, int]) -> None:
    histogram = hdr.from_counts(counts)
    decoded = hdr.decode(hdr.encode(histogram))
    assert contents(decoded) == contents(histogram)
    assert decoded.get_total_count() == sum(counts.values())
    assert hdr.encode(decoded) == hdr.encode(histogram)


@settings(max_examples=30)
@given(st.lists(COUNTS, max_size=4))
def test_merging_is_as_if_counted_in_one(parts: list[dict[int, int]]) -> None:
    together: dict[int, int] = {}
    for part in parts:
        for value, count in part.items():
            together[value] = together.get(value, 0) + count
    merged = hdr.merge([hdr.decode(hdr.encode(hdr.from_counts(part))) for part in parts])
    whole = hdr.from_counts(together)
    assert contents(merged) == contents(whole)
    assert hdr.encode(merged) == hdr.encode(whole)
    for percent in (0, 50, 99, 100):
        assert hdr.percentile(merged, percent) == hdr.percentile(whole, percent)


@given(st.integers(1, hdr.HIGHEST_US))
def test_a_value_is_kept_to_a_thousandth(value_us: int) -> None:
    found = hdr.percentile(hdr.from_counts({value_us: 1}), 50)
    assert value_us <= found <= value_us * 1.001


def test_values_beyond_the_ends_are_counted_at_the_ends() -> None:
    histogram = hdr.from_counts({0: 2, 99_000_000: 3})
    assert histogram.get_total_count() == 5
    assert hdr.percentile(histogram, 1) == hdr.LOWEST_US
    assert hdr.percentile(histogram, 100) == pytest.approx(hdr.HIGHEST_US, rel=0.001)


GOOD = hdr.encode(hdr.from_counts({n: n for n in range(1, 900)}))


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "AAAA", "é", GOOD[:-4], GOOD[:50], GOOD[:200] + "A" * 40, "A" * (1 << 21)),
        HdrHistogram(1, 1000, 2).encode().decode(),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"histogram"):
        hdr.decode(text)


@given(COUNTS)
def test_coarse_counts_are_the_histograms_own_buckets(counts: dict[int, int]) -> None:
    histogram = hdr.from_counts(counts)
    found = {histogram.get_highest_equivalent_value(at): n for at, n in hdr.steps(histogram)}
    assert hdr.coarse(counts) == found


def test_coarse_counts_are_few_however_many_the_values() -> None:
    found = hdr.coarse(dict.fromkeys(range(1, 1_000_000, 3), 1))
    assert sum(found.values()) == 333_333
    assert len(found) < 12_000
