"""Amounts of memory as Compose takes them: 65536, 512m, 1.5g, 4GB."""

from __future__ import annotations

import re

UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
LEAST_BYTES, MOST_BYTES = 6 << 20, 1 << 50  # a container's limit: the least that Docker takes
_SIZE = re.compile(r"(?P<number>\d{1,18}(?:\.\d{1,18})?) ?(?P<unit>[kmg]?)b?", re.ASCII)


def size_bytes(text: str) -> int:
    """ValueError where it is none."""
    found = _SIZE.fullmatch(text.lower())
    if found is None:
        raise ValueError(f"{text!r} is no size: write it as 4g, 512m or 65536 (bytes)")
    return int(float(found["number"]) * UNITS[found["unit"]])


def limit_bytes(text: str) -> int:
    """A container's limit. ValueError where it is none."""
    size = size_bytes(text)
    if not LEAST_BYTES <= size <= MOST_BYTES:
        raise ValueError(f"{text!r} is not between 6m and {MOST_BYTES >> 30}g")
    return size
