"""Pieces of plain sentences: lists of names, rounded figures, shares and multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence

FRACTIONS = {
    9 / 10: "nine tenths",
    4 / 5: "four fifths",
    3 / 4: "three quarters",
    2 / 3: "two thirds",
    3 / 5: "three fifths",
    1 / 2: "half",
    2 / 5: "two fifths",
    1 / 3: "a third",
    1 / 4: "a quarter",
    1 / 5: "a fifth",
    1 / 6: "a sixth",
    1 / 8: "an eighth",
    1 / 10: "a tenth",
}
NEARLY = 0.95
LEAST = 1 / 11  # below it, no word is near enough


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def answered(users: int, unanswered: int) -> str:
    """`answered 8 of 50 users`; nothing where all were."""
    return f"answered {users - unanswered:,} of {users:,} users" if unanswered else ""


def rounded(value: float) -> str:
    """To two significant digits, thousands set apart: 7,300; 48; 0.61."""
    if value <= 0:
        return "0"
    digits = 1 - math.floor(math.log10(value))
    whole = round(value, digits)
    return f"{whole:,.{max(0, digits)}f}"


def share(value: float) -> str:
    """Of something that was named before: `nearly as much`, `half of that`, `1/45 of that`."""
    if value > NEARLY:
        return "nearly as much"
    if value < LEAST:
        return f"1/{round(1 / value)} of that"
    nearest = min(FRACTIONS, key=lambda known: abs(math.log(value / known)))
    return f"{FRACTIONS[nearest]} of that"


def times(ratio: float) -> str:
    """`1.3 times`, `twice`, `12 times`."""
    text = rounded(ratio) if ratio >= 10 else f"{ratio:.1f}"
    return "twice" if text == "2.0" else f"{text.removesuffix('.0')} times"
