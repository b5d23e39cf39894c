"""Latencies in HDR histograms: microseconds, three significant figures, 1 us to 60 s.

While load runs, latencies are counted by value in a plain dict (80 ns each, nothing lost); only
afterwards they become a histogram, to be shipped, kept and merged. Values beyond the ends are
counted at the ends. Loses exactness beyond 2,047 us, where a bucket is 0.1 % wide: least, greatest
and mean are therefore kept exactly, beside it.
"""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Iterable, Iterator, Mapping

from hdrh.codec import HdrCookieException, HdrLengthException
from hdrh.histogram import HdrHistogram

LOWEST_US = 1
HIGHEST_US = 60_000_000
FIGURES = 3
_LONGEST_TEXT = 1 << 20


_EXACT_BITS = 11  # values below 2,048 have a bucket each


def coarse(counts: Mapping[int, int]) -> dict[int, int]:
    """Counts by the greatest value of each bucket, as `percentile` tells it: few, however many."""
    found: dict[int, int] = {}
    for value_us, count in counts.items():
        rest = (1 << max(0, value_us.bit_length() - _EXACT_BITS)) - 1
        found[value_us | rest] = found.get(value_us | rest, 0) + count
    return found


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


def decode(text: str) -> HdrHistogram:
    """Raises ValueError for anything but a histogram of these very bounds."""
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
    if bounds != (LOWEST_US, HIGHEST_US, FIGURES):
        raise ValueError(f"a histogram of other bounds: {bounds}")
    return histogram


def merge(histograms: Iterable[HdrHistogram]) -> HdrHistogram:
    """All of them in a new one; nothing is lost, since all have the same buckets."""
    whole = empty()
    for histogram in histograms:
        if histogram.get_total_count():  # hdrh takes an empty one's least value for 0
            whole.add(histogram)
    return whole


def percentile(histogram: HdrHistogram, percent: float) -> int:
    """In microseconds, 0 where nothing was counted; at most 0.1 % above the true value."""
    return int(histogram.get_value_at_percentile(percent))


def steps(histogram: HdrHistogram) -> Iterator[tuple[int, int]]:
    """Each bucket that holds something: its least value in microseconds, and how many."""
    for index, count in enumerate(histogram.counts):
        if count:
            yield histogram.get_value_from_index(index), count
