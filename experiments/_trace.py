"""What strace wrote (Guest.traced), as the system calls of tasks.

A call that another task interrupted stands on two lines, which are joined here:

    7     accept4(3,  <unfinished ...>
    7     <... accept4 resumed>{sa_family=AF_INET, ...}, [16], SOCK_CLOEXEC) = 4
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

FIRST = 1  # the server's first process is PID 1 of its container
_WHOLE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\w+|\?).*")
_BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
_ENDED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\w+|\?).*")


@dataclass(frozen=True)
class Call:
    """`result`: None of a call that never returns. `task`: as its container numbers it."""

    task: int
    name: str
    arguments: str
    result: int | None

    @property
    def descriptor(self) -> int | None:
        """The first argument, where that is a number."""
        first = self.arguments.partition(",")[0].strip()
        return int(first) if first.isdigit() else None


def calls(lines: Iterable[str]) -> list[Call]:
    """In the order in which they returned. Signals and ends of tasks are no calls."""
    found: list[Call] = []
    begun: dict[tuple[str, str], str] = {}
    for line in lines:
        if half := _BEGUN.fullmatch(line):
            begun[half[1], half[2]] = half[3]
        elif rest := _ENDED.fullmatch(line):
            head = begun.pop((rest[1], rest[2]), "")
            found.append(_call(rest[1], rest[2], head + rest[3], rest[4]))
        elif whole := _WHOLE.fullmatch(line):
            found.append(_call(*whole.groups()))
    return found


def _call(task: str, name: str, arguments: str, result: str) -> Call:
    return Call(int(task), name, arguments, None if result == "?" else int(result, 0))
