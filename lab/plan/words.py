"""What a person typed, as names and numbers: several in one value, with commas between.

Each reader adds to `mistakes` what it cannot take, with the reason, and goes on with the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

Word = TypeVar("Word", bound=str)
MOST_PORT = 65_535
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")


def names(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def numbers(name: str, text: str, most: int, mistakes: list[str]) -> tuple[int, ...]:
    """`20,50` -> (20, 50)."""
    found = []
    for word in names(text):
        if word.isascii() and word.isdigit() and 1 <= int(word[:12]) <= most:
            found.append(int(word))
        else:
            mistakes.append(f"{name}: {word!r} is no whole number from 1 to {most:,}")
    return tuple(found)


def number(name: str, text: str, most: int, mistakes: list[str]) -> int | None:
    """`20` -> 20; None where there is nothing, or what no number can be made of."""
    found = numbers(name, text, most, mistakes)
    if len(found) > 1:
        mistakes.append(f"{name}: takes one number, not {len(found)}")
    return found[0] if found else None


def decimals(
    name: str, text: str, least: float, most: float, mistakes: list[str]
) -> tuple[float, ...]:
    """`0.5,2000` -> (0.5, 2000.0)."""
    found = []
    for word in names(text):
        if _DECIMAL.fullmatch(word) and least <= float(word) <= most:
            found.append(float(word))
        else:
            mistakes.append(f"{name}: {word!r} is no number from {least:g} to {most:,.10g}")
    return tuple(found)


def one_of(name: str, text: str, allowed: Sequence[Word], mistakes: list[str]) -> Word | None:
    """`direct` -> "direct"; None where there is nothing, or none of those that are allowed."""
    found = next((word for word in allowed if word == text), None)
    if text and found is None:
        mistakes.append(f"{name}: {text!r} is none of {', '.join(allowed)}")
    return found


def port(text: str) -> int:
    """`8007` -> 8007. ValueError where it is none."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST_PORT):
        raise ValueError(f"{text!r} is no port: a whole number from 1 to {MOST_PORT:,}")
    return int(text)
