"""An answer that the scenario does not expect: the load finds it, the lab tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Unexpected:
    """`part`: status or bytes, the length of the body."""

    request: str
    part: str
    expected: int
    answered: int

    def __str__(self) -> str:
        if self.part == "status":
            return f"{self.request}: answers {self.answered}, expected {self.expected}"
        return f"{self.request}: {self.answered} bytes, expected {self.expected}"


def in_words(problems: Iterable[object]) -> str:
    """All of them in one sentence."""
    return f"the answers are not what the scenario expects: {'; '.join(map(str, problems))}"
