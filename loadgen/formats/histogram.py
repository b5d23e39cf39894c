"""Latencies in HDR histograms: microseconds, three significant figures, 1 us to 2 hours.

While load runs, latencies are counted by value in a plain dict (80 ns each, nothing lost); only
afterwards they become a histogram, to be shipped, kept and merged. No trial lasts 2 hours, so no
time is beyond the end. Beyond 2,047 us a bucket is 0.1 % wide, so the least and the greatest value
are kept exactly, beside the histogram: whoever decodes one says them, and no percentile is outside.

Records of format 2 hold histograms that end at 60 s, where longer times were counted.
"""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Iterable, Iterator, Mapping

from hdrh.codec import HdrCookieException, HdrLengthException
from hdrh.histogram import HdrHistogram

LOWEST_US = 1
HIGHEST_US = 2 * 3600 * 1_000_000
FORMER_HIGHEST_US = 60_000_000
FIGURES = 3
_LONGEST_TEXT = 1 << 20


def empty() -> HdrHistogram:
    return HdrHistogram(LOWEST_US, HIGHEST_US, FIGURES)


def from_counts(counts: Mapping[int, int]) -> HdrHistogram:
    """`counts`: latency in whole microseconds -> how often."""
    histogram = empty()
    for value_us, count in counts.items():
        histogram.record_value(min(max(value_us, LOWEST_US), HIGHEST_US), count)
    return histogram


def encode(histogram: HdrHistogram) -> str:
    """Base64 of the compressed V2 format that every HdrHistogram library reads."""
    text: bytes = histogram.encode()
    return text.decode("ascii")


def decode(text: str, least_us: int, greatest_us: int) -> HdrHistogram:
    """Raises ValueError for anything but a histogram of these very bounds, or the former ones."""
    if len(text) > _LONGEST_TEXT:
        raise ValueError("the histogram is too long")
    try:
        histogram = HdrHistogram.decode(text)
    except (
        binascii.Error,
        zlib.error,
        ValueError,
        IndexError,
        HdrCookieException,
        HdrLengthException,
    ) as error:
        raise ValueError(f"no histogram: {error}") from None
    bounds = (
        histogram.lowest_trackable_value,
        histogram.highest_trackable_value,
        histogram.significant_figures,
    )
    if bounds not in [(LOWEST_US, highest, FIGURES) for highest in (HIGHEST_US, FORMER_HIGHEST_US)]:
        raise ValueError(f"a histogram of other bounds: {bounds}")
    if not 0 <= least_us <= greatest_us <= HIGHEST_US:
        raise ValueError(f"no least and greatest of a histogram: {least_us}, {greatest_us}")
    histogram.min_value, histogram.max_value = least_us, greatest_us
    return histogram


def merge(histograms: Iterable[HdrHistogram]) -> HdrHistogram:
    """All of them in a new one; nothing is lost, since all have the same buckets."""
    whole = empty()
    parts = [each for each in histograms if each.get_total_count()]
    for part in parts:
        whole.add(part)
    if parts:  # hdrh rounds them to the bounds of their buckets
        whole.min_value = min(part.min_value for part in parts)
        whole.max_value = max(part.max_value for part in parts)
    return whole


def percentile(histogram: HdrHistogram, percent: float) -> int:
    """In microseconds, 0 where nothing was counted; at most 0.1 % above the true value."""
    if not histogram.get_total_count():
        return 0
    return _within(histogram, histogram.get_value_at_percentile(percent))


def steps(histogram: HdrHistogram) -> Iterator[tuple[int, int]]:
    """Each bucket that holds something: its least value in microseconds, and how many."""
    for index, count in enumerate(histogram.counts):
        if count:
            yield _within(histogram, histogram.get_value_from_index(index)), count


def _within(histogram: HdrHistogram, value_us: int) -> int:
    """A bucket's bound, but never outside what was counted."""
    return int(min(max(value_us, histogram.min_value), histogram.max_value))
