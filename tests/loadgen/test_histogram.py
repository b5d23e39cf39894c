"""Histograms: encoding and merging lose nothing, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given, settings
from hypothesis import strategies as st

from loadgen.formats import histogram as hdr
from loadgen.formats.scenario_reader import parse

COUNTS = st.dictionaries(st.integers(1, hdr.HIGHEST_US), st.integers(1, 2**40), max_size=40)


def shipped(counts: dict[int, int]) -> HdrHistogram:
    """As it arrives: decoded, with the least and greatest value that travelled beside it."""
    text = hdr.encode(hdr.from_counts(counts))
    return hdr.decode(text, min(counts, default=0), max(counts, default=0))


def contents(histogram: HdrHistogram) -> dict[int, int]:
    return dict(hdr.steps(histogram))


@settings(max_examples=30)
@given(COUNTS)
def test_decoding_gives_what_was_encoded(counts: dict[int, int]) -> None:
    histogram = hdr.from_counts(counts)
    decoded = shipped(counts)
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
    merged = hdr.merge(map(shipped, parts))
    whole = hdr.from_counts(together)
    assert contents(merged) == contents(whole)
    assert hdr.encode(merged) == hdr.encode(whole)
    for percent in (0, 50, 99, 100):
        assert hdr.percentile(merged, percent) == hdr.percentile(whole, percent)


@given(st.integers(1, hdr.HIGHEST_US))
def test_a_value_is_kept_to_a_thousandth(value_us: int) -> None:
    found = hdr.percentile(hdr.from_counts({value_us: 1}), 50)
    assert found == value_us


@given(
    st.lists(
        st.dictionaries(st.integers(0, hdr.HIGHEST_US), st.integers(1, 9), min_size=1),
        min_size=1,
        max_size=3,
    ),
    st.floats(0, 100),
)
def test_no_percentile_is_outside_least_and_greatest(
    parts: list[dict[int, int]], percent: float
) -> None:
    every = [value_us for part in parts for value_us in part]
    merged = hdr.merge(map(shipped, parts))
    assert min(every) <= hdr.percentile(merged, percent) <= max(every)
    assert all(min(every) <= value_us <= max(every) for value_us, _ in hdr.steps(merged))


def test_a_percentile_is_that_of_the_values_to_a_thousandth() -> None:
    assert hdr.percentile(shipped({90_000_000: 1, 100_000_000: 1}), 50) == pytest.approx(
        90_000_000, rel=0.001
    )


def test_no_trial_lasts_longer_than_a_histogram_reaches() -> None:
    text = "about: x\nwarmup: 5m\nwindow: 60m\ntimeout: 60s\nrequests: [{get: /}]"
    longest = parse(text)
    lasts_s = longest.warmup_s + longest.window_s + longest.timeout_s
    assert lasts_s * 1e6 < hdr.HIGHEST_US


def test_histograms_of_older_records_are_read_and_merged() -> None:
    """They end at 60 s, where longer times were counted."""
    former = HdrHistogram(1, hdr.FORMER_HIGHEST_US, 3)
    former.record_value(hdr.FORMER_HIGHEST_US, 2)
    former = hdr.decode(hdr.encode(former), 90_000_000, 100_000_000)
    assert hdr.percentile(former, 50) == 90_000_000
    merged = hdr.merge([former, shipped({200_000_000: 2})])
    assert merged.get_total_count() == 4
    assert hdr.percentile(merged, 100) == 200_000_000


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
        hdr.decode(text, 1, 899)


@pytest.mark.parametrize("bounds", [(-1, 5), (6, 5), (1, 10**12)])
def test_bounds_that_cannot_be_are_refused(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="least and greatest"):
        hdr.decode(GOOD, *bounds)
