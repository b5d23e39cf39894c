"""What strace wrote, as system calls per request and the calls of one request.

A line is a call with its task's id before it, or the rest of one that another task interrupted:

    7     accept4(3,  <unfinished ...>
    8     sendto(5, "HTTP/1.1 200 OK\\r\\n"..., 913, 0, NULL, 0) = 913
    7     <... accept4 resumed>{sa_family=AF_INET, ...}, [16], SOCK_CLOEXEC) = 4

Signals and ends of tasks are no calls. What rt_sigreturn seems to return is the result of the call
that the signal interrupted: no failure of its own. One request is what happens from the reading of
its first line to the reading of the next one's; that is all of it where a single client asks one by
one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lab.records.record import Frozen

# Requests that part a trace: the scenario's are asked, one user comes, two come, nothing more.
ASKED, ONE_USER = "/health?asked", "/health?one-user"
TWO_USERS, ENDED = "/health?two-users", "/health?ended"

_LINE = re.compile(r"(?P<task>\d+) +(?P<rest><\.\.\. )?(?P<call>\w+)(?P<text>[( ].*)")
_FAILED = re.compile(r" = -1 (E[A-Z0-9]+)")
_REQUEST = re.compile(r'"(GET|POST) /')
_READS = ("read", "readv", "recvfrom", "recvmsg")


class Call(Frozen):
    """One system call, over the whole trace. `failed`: errno -> how often."""

    name: str
    count: int
    failed: dict[str, int]


class Step(Frozen):
    """A line of one request.

    `task`: 0 is the server's first process, which made the others (PID 1 of its container); these
    are numbered in the order in which they come up.
    """

    task: int
    text: str


def calls(trace: str) -> list[Call]:
    """The most frequent first."""
    made, failed = Counter[str](), dict[str, Counter[str]]()
    for found in _lines(trace):
        if not found["rest"]:
            made[found["call"]] += 1
        error = _FAILED.search(found["text"])
        if error and found["call"] != "rt_sigreturn":
            failed.setdefault(found["call"], Counter())[error[1]] += 1
    return [
        Call(name=name, count=count, failed=dict(failed.get(name, {})))
        for name, count in made.most_common()
    ]


def between(trace: str, mark: str, next_mark: str) -> str:
    """From the request for `mark` to that for `next_mark`: what those who asked in between cost."""
    lines = trace.splitlines(keepends=True)
    at = [place for place, line in enumerate(lines) if f'"GET {mark} ' in line]
    until = [place for place, line in enumerate(lines) if f'"GET {next_mark} ' in line]
    return "".join(lines[at[0] : until[0]]) if at and until else ""


def one_request(trace: str) -> list[Step]:
    """One from the middle, when all is warm; empty where not two requests can be seen."""
    lines = list(_lines(trace))
    begins = [at for at, line in enumerate(lines) if _reads_a_request(line)]
    if len(begins) < 2:
        return []
    middle = (len(begins) - 1) // 2
    return _steps(lines[begins[middle] : begins[middle + 1]])


def _lines(trace: str) -> Iterator[re.Match[str]]:
    return (found for line in trace.splitlines() if (found := _LINE.fullmatch(line)))


def _reads_a_request(line: re.Match[str]) -> bool:
    return line["call"] in _READS and _REQUEST.search(line["text"]) is not None


def _steps(lines: Sequence[re.Match[str]]) -> list[Step]:
    numbers = {"1": 0}
    return [
        Step(
            task=numbers.setdefault(line["task"], len(numbers)),
            text=f"{line['rest'] or ''}{line['call']}{line['text']}",
        )
        for line in lines
    ]
