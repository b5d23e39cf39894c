"""What is wrong with a file that a person wrote: every mistake at once, located, with a remedy.

A `Problem` prints as `file:line: key: what is wrong; remedy`. Pydantic finds most of them; its
wording is for programmers, so `from_pydantic` says the same in words for the writer of the file.
Loses where pydantic grows a kind of error that the table below has not met: then its own message
is shown, still with file, line and key.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Set
from dataclasses import dataclass

from pydantic import ValidationError

from loadgen.formats.characters import escaped

Key = tuple[str | int, ...]

_READ_ABOUT = "see scenarios/schema.json"
_KINDS: dict[str, tuple[str, str]] = {  # pydantic's error type -> what is wrong, remedy
    "missing": ("is missing", "add it"),
    "int_type": ("must be a whole number, not {input}", "write one, as 20"),
    "greater_than_equal": ("{input} is too small", "use {ge} or more"),
    "less_than_equal": ("{input} is too large", "use {le} or less"),
    "string_type": ("must be text, not {input}", "put it in quotes"),
    "string_too_short": ("is empty", "write something"),
    "string_too_long": ("is too long", "use at most {max_length} characters"),
    "too_short": ("is empty", "name at least {min_length}"),
    "too_long": ("has too many entries", "use at most {max_length}"),
    "float_type": ("must be a number, not {input}", "write one, as 1000"),
    "string_pattern_mismatch": ("{input} holds what a head may not", "use plain visible ASCII"),
    "literal_error": ("{input} is not one of its values", "use {expected}"),
    "tuple_type": ("must be a list, not {input}", "write it as a YAML list"),
    "dict_type": ("must be a mapping, not {input}", "write it as `name: value` lines"),
    "model_type": ("must be a mapping, not {input}", "write it as `name: value` lines"),
}


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake; `line` counts from 1 and is 0 where the file as a whole is meant."""

    file: str
    line: int
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        return escaped(f"{place}:{key} {self.what}; {self.remedy}")


class ScenarioError(Exception):
    """A scenario cannot be used. `problems` holds all that is wrong, in the order of the file."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def dotted(key: Key) -> str:
    """('requests', 0, 'get') -> 'requests[0].get'"""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def nearest(name: str, known: Collection[str]) -> str:
    """The remedy for a name that nobody knows."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    in_order = sorted(known) if isinstance(known, Set) else known
    return f"it is one of: {', '.join(in_order)}" if known else "remove it"


def from_pydantic(
    error: ValidationError,
    problem: Callable[[Key, str, str], Problem],
    known_at: Callable[[Key], Collection[str]],
) -> list[Problem]:
    """Pydantic's findings in words.

    `problem` finds the key's place in the file; `known_at` names the keys that may stand in one.
    """
    problems = []
    for found in error.errors(include_url=False):
        key: Key = found["loc"]
        context = found.get("ctx", {})
        shown = f"{found['input']!r:.60}"
        if found["type"] == "too_short" and found["input"]:
            continue  # only short of the entries that are wrong, which have their own problems
        if found["type"] == "extra_forbidden":
            what, remedy = "unknown key", nearest(str(key[-1]), known_at(key[:-1]))
        elif "remedy" in context:  # a rule of our own
            what, remedy = found["msg"], str(context["remedy"])
        else:
            what, remedy = _KINDS.get(found["type"], (found["msg"], _READ_ABOUT))
            what = what.replace("{input}", shown)
            for name, value in context.items():
                remedy = remedy.replace(f"{{{name}}}", str(value))
        problems.append(problem(key, what, remedy))
    return problems
