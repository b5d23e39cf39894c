"""Characters that no scenario may hold: they would steer the terminal that shows them, or hide what
stands there, or have no encoding and so cannot be sent.

Control characters but tab and newline, what breaks or turns a line in Unicode, lone surrogates.
"""

from __future__ import annotations

import re

_LINE_AND_TAB = "\t\n"
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def unfit(text: str, *, lines: bool = True) -> str | None:
    """The first such character, as U+001B; `lines`: whether tab and newline may stand there."""
    for found in _UNFIT.finditer(text):
        if not lines or found[0] not in _LINE_AND_TAB:
            return code_point(found[0])
    return None


def code_point(letter: str) -> str:
    """As U+001B."""
    return f"U+{ord(letter):04X}"


def escaped(text: str) -> str:
    """With such characters as \\x1b: a message may quote what it refuses."""
    return _UNFIT.sub(lambda found: ascii(found[0])[1:-1], text)
