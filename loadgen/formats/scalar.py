"""A value as it stands in the file, read by the type that its key wants.

YAML 1.1 reads 010 as 8, 1_000 as 1000, 1:30 as 90, 1.10 as 1.1 and yes as true, whatever was meant.
Here nothing is guessed: the text stays as written until the key's type is known.

    text     as written; an unquoted yes, no, on, off, true, false, null is refused
    numbers  decimal digits, and a point where the number may have one; all else is refused
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,29})?(?:\.[0-9]{1,30})?")
_YAMLS_OWN = re.compile(r"[+-]?(?:0[0-9xXoObB]|[0-9][0-9_:.]*[_:]|\.?[0-9][0-9.]*[eE])[\w:.+-]*")
_SWITCHES = frozenset(("yes", "no", "on", "off", "true", "false"))
_NOTHING = frozenset(("", "~", "null"))


@dataclass(frozen=True)
class Scalar:
    written: str
    plain: bool = True  # without quotes

    @property
    def empty(self) -> bool:
        return self.plain and self.written.lower() in _NOTHING

    def __repr__(self) -> str:
        return repr(self.written)


def refused(what: str, remedy: str) -> PydanticCustomError:
    """A rule of our own that a value breaks; `problems` tells both."""
    return PydanticCustomError("rule", "{what}", {"what": what, "remedy": remedy})


def text(value: object) -> object:
    """As written. What is no scalar goes through, as for all below: pydantic says what is wrong."""
    if not isinstance(value, Scalar):
        return value
    if value.empty:
        raise refused("is empty", "write something, or '' for a text without a character")
    if value.plain and value.written.lower() in _SWITCHES:
        raise refused(f"{value!r} without quotes is no text in YAML", f"write '{value.written}'")
    return value.written


def written(value: object) -> object:
    """As written, for a type that knows its few values itself."""
    return value.written if isinstance(value, Scalar) else value


def line(value: object) -> object:
    """Text of one line, which is shown to people. (`document` refuses other control characters.)"""
    found = text(value)
    if isinstance(found, str) and ("\n" in found or "\t" in found):
        raise refused("holds a newline or a tab", "write it as one line, with spaces")
    return found


def setting(value: object) -> object:
    """As written; a switch is on or off."""
    if isinstance(value, Scalar) and value.plain and value.written in ("on", "off"):
        return value.written
    if isinstance(value, Scalar) and value.plain and value.written.lower() in _SWITCHES:
        raise refused(f"{value!r} is no setting", "write on or off")
    return line(value)


def whole(value: object) -> object:
    found = _number(value, "a whole number", "20")
    if not isinstance(found, str):
        return found
    if "." in found:
        raise refused(f"must be a whole number, not {found}", "write one, as 20")
    return int(found)


def decimal(value: object) -> object:
    found = _number(value, "a number", "1000")
    return float(found) if isinstance(found, str) else found


def _number(value: object, kind: str, example: str) -> object:
    """The digits."""
    if not isinstance(value, Scalar):
        return value
    shown, digits = f"{value!r:.60}", value.written
    if value.plain and digits.strip("+-") and _DECIMAL.fullmatch(digits):
        return digits
    if _DECIMAL.fullmatch(digits) and not value.plain:
        raise refused(f"{shown} is text, not a number", "write it without quotes")
    if value.plain and _YAMLS_OWN.fullmatch(digits):
        what = f"{shown} is not the same number to YAML and to people"
        raise refused(what, f"write it in decimal digits, as {example}")
    raise refused(f"must be {kind}, not {shown}", f"write one, as {example}")


WHOLE = BeforeValidator(whole)
DECIMAL = BeforeValidator(decimal)
LINE = BeforeValidator(line)
WRITTEN = BeforeValidator(written)
