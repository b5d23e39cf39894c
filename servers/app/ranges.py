"""Byte ranges: which part of a file a Range field asks for (RFC 9110, 14.1.2 and 14.2).

One range is served; several are answered with the whole file, as the standard allows: the
multipart answer costs more than it saves for files like ours, and is a known lever for attacks.
"""

from __future__ import annotations

import re

# Possessive: a hostile run of digits is looked at once.
_ONE_RANGE = re.compile(rb"bytes=([0-9]*+)-([0-9]*+)", re.IGNORECASE)

_MOST_DIGITS = 19  # no file is that long, and int() refuses thousands of digits


class Unsatisfiable(Exception):  # noqa: N818 - the standard's word for it
    """The range lies wholly behind the end of the file: 416."""


def select(value: bytes, size: int) -> tuple[int, int] | None:
    """Offset and count of the part that is asked for; None if the whole is to be sent.

    None for what is malformed, names several ranges, or counts in another unit (14.2: ignore).
    """
    asked = _ONE_RANGE.fullmatch(value)
    if asked is None:
        return None
    first, last = asked.groups()
    if not first:
        return _suffix(last, size)
    start, end = _number(first), _number(last) if last else size - 1
    if last and end < start:
        return None  # 14.1.1: invalid, which is less than unsatisfiable
    if start >= size:
        raise Unsatisfiable
    return start, min(end, size - 1) - start + 1


def _suffix(length: bytes, size: int) -> tuple[int, int] | None:
    """The last octets of the file; all of it where it is shorter."""
    if not length:
        return None
    count = min(_number(length), size)
    if count == 0:
        raise Unsatisfiable
    return size - count, count


def _number(digits: bytes) -> int:
    """The number; one too long for any file is cut, and stays too long for any file."""
    return int(digits.lstrip(b"0")[:_MOST_DIGITS] or b"0")
