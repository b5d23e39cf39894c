"""What `make calibrate` measures: the kinds of request that scenarios make.

Each kind is asked for as one static file of about that size, of the fastest server at hand, so that
the generator is the one that works. What is no static file (a page, an answer that waits) counts by
the size that its scenario expects, else as small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tabulate import tabulate

from lab.records.ceiling import Cost
from lab.records.step import written
from loadgen.formats.request import Request
from loadgen.formats.scenario import Scenario

USERS = 50
WARMUP_S, WINDOW_S, TIMEOUT_S = 1, 3, 5
RATE_SHARE = 0.7  # of what the closed loop got: an open loop beyond its limit only drops
FULL = 0.95  # of a CPU

TEXT = f"""\
about: What one request costs the load generator (make calibrate).
connection: {{connection}}
users: {USERS}
warmup: {WARMUP_S}s
window: {WINDOW_S}s
timeout: {TIMEOUT_S}s
trials: 1
requests:
  - {{{{get: /{{file}}, expect: {{{{bytes: {{body_bytes}}}}}}}}}}
"""


@dataclass(frozen=True)
class Kind:
    """Sorts a closed loop before the open one, which takes its rate from it."""

    connection: Literal["keep-alive", "close"]
    body_bytes: int
    file: str
    loop: Literal["closed", "open"]

    def __str__(self) -> str:
        return f"{self.connection}, {self.loop} loop, {self.body_bytes:,} bytes"

    @property
    def text(self) -> str:
        """The scenario that asks for nothing else."""
        return TEXT.format(connection=self.connection, file=self.file, body_bytes=self.body_bytes)


def kinds(scenarios: Iterable[Scenario], files: Mapping[str, int]) -> list[Kind]:
    """In the order of measuring. `files`: the names of the static files, and their bytes."""
    found = set()
    for scenario in scenarios:
        for request in scenario.requests:
            file = _file(request, files)
            found.add(Kind(scenario.connection, files[file], file, "closed"))
            if scenario.rate or scenario.find:
                found.add(Kind(scenario.connection, files[file], file, "open"))
    return sorted(found, key=lambda kind: (kind.connection, kind.body_bytes, kind.file, kind.loop))


def _file(request: Request, files: Mapping[str, int]) -> str:
    name = request.target.removeprefix("/").partition("?")[0]
    if name in files:
        return name
    wanted = request.expect.bytes or 0
    return min(sorted(files), key=lambda each: abs(files[each] - wanted))


def table(costs: Iterable[Cost]) -> str:
    rows = [
        (
            cost.path,
            cost.connection,
            cost.loop if cost.rate_rps is None else f"open, {written(cost.rate_rps)}/s",
            f"{cost.body_bytes:,}",
            f"{cost.cpu_us:.1f}",
            f"{cost.ceiling_rps:,.0f}",
            _note(cost),
        )
        for cost in costs
    ]
    head = ["path", "connection", "loop", "bytes", "CPU us/request", "requests/s a worker", "note"]
    return tabulate(
        rows, headers=head, disable_numparse=True, colalign=[*["left"] * 3, *["right"] * 3, "left"]
    )


def _note(cost: Cost) -> str:
    if cost.loop == "closed" and cost.cpu_share < FULL:
        return f"the generator had CPU left ({cost.cpu_share:.0%} busy); its cost holds"
    return ""
