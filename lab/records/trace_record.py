"""trace.json, and the table made from it: the system calls of one request.

Format 2 (1 had no scenes). It is no record of a trial: there is no time in it.
"""

from __future__ import annotations

from typing import Literal

from tabulate import tabulate

from lab.records.record import Frozen
from lab.records.scene import Scene
from lab.records.strace import Call, Step

SceneName = Literal["start", "one-user", "two-users"]
RARE = 0.01  # calls per request: below it they belong to the run, not to a request
SHOWN = 96  # letters of a line


class TraceRecord(Frozen):
    format: Literal[2] = 2
    model: str
    scenario: str
    scenario_sha256: str
    connection: str
    created_at: str
    requests: int
    calls: list[Call]
    one_request: list[Step]
    scenes: dict[SceneName, Scene]


def table(record: TraceRecord) -> str:
    """For people: calls per request, and the calls of one request."""
    rows = [
        (call.name, f"{call.count / record.requests:.2f}", _failures(call, record.requests))
        for call in record.calls
        if call.count >= RARE * record.requests
    ]
    total = sum(call.count for call in record.calls)
    lines = [
        tabulate(
            [*rows, ("all", f"{total / record.requests:.2f}", "")],
            headers=["system call", "per request", "of them failed"],
            colalign=["left", "right", "left"],
            disable_numparse=True,
        ),
        "",
        f"{record.model}, scenario {record.scenario}, connection {record.connection}:"
        f" {record.requests} requests, one after the other. Nothing here was timed.",
    ]
    if record.one_request:
        lines += [
            "",
            "From reading one request to reading the next, each task by its number; `main` is the"
            " server's first process, which made the others:",
            *(f"{_task(step):>4}  {_cut(step.text)}" for step in record.one_request),
        ]
    return "\n".join(lines)


def _task(step: Step) -> str:
    return str(step.task or "main")


def _failures(call: Call, requests: int) -> str:
    return ", ".join(f"{count / requests:.2f} {name}" for name, count in call.failed.items())


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
