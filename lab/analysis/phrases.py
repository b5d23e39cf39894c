"""Pieces of plain sentences: lists of names, rounded figures, shares and multiples."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

Bound = Literal["about", "at least", "at most"]
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
WHOLE: Mapping[Bound, Callable[[float], int]] = {
    "about": round,
    "at least": math.floor,
    "at most": math.ceil,
}
INVERSE: Mapping[Bound, Bound] = {"about": "about", "at least": "at most", "at most": "at least"}
NEARLY = 0.95
LEAST = 1 / 11  # below it, no word is near enough


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def answered(users: int, unanswered: int) -> str:
    """`answered 8 of 50 users`; nothing where all were."""
    return f"answered {users - unanswered:,} of {users:,} users" if unanswered else ""


def rounded(value: float, bound: Bound = "about") -> str:
    """To two significant digits, thousands set apart: 7,300; 48; 0.61. A bound stays true."""
    if value <= 0:
        return "0"
    digits = 1 - math.floor(math.log10(value))
    unit = 10.0**-digits
    whole = WHOLE[bound](value / unit)
    return f"{whole * unit:,.{max(0, digits)}f}"


def share(value: float, bound: Bound = "about") -> str:
    """Of the best: `nearly as much`, `half of the best`, `1/45 of the best`. A bound stays true:
    above what was seen if it says `at most`, below it if `at least`."""
    if value > NEARLY:
        return "nearly as much"
    right = [each for each in FRACTIONS if _holds(each / value, bound)]
    if value < LEAST or not right:
        whole = WHOLE[INVERSE[bound]](1 / value)
        return f"1/{whole} of the best" if whole > 1 else "nearly as much"
    nearest = min(right, key=lambda known: abs(math.log(value / known)))
    return f"{FRACTIONS[nearest]} of the best"


def _holds(above: float, bound: Bound) -> bool:
    return {"about": True, "at least": above <= 1, "at most": above >= 1}[bound]


def times(ratio: float) -> str:
    """`1.3 times`, `twice`, `12 times`."""
    text = rounded(ratio) if ratio >= 10 else f"{ratio:.1f}"
    return "twice" if text == "2.0" else f"{text.removesuffix('.0')} times"
