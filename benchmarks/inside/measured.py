"""What the container tells the host while it works: one JSON object a line on standard output.

{"event": "versions", "versions": {name: version}}
{"event": "figure", "row", "side", "round", "values": {name: number},
 "faults": text, "remark": text}
{"event": "done"}
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

RATE = "rate_per_s"  # the value that every client gives


class MeasureError(Exception):
    """A server or a client gave up; the message says which, and why."""


@dataclass(frozen=True)
class Measured:
    """One side, once. `faults` says why there are no values, or why they are not to be judged;
    `remark`, what else is to be told of them."""

    row: str
    side: str
    round: int
    values: dict[str, float] = field(default_factory=dict)
    faults: str = ""
    remark: str = ""

    @property
    def good(self) -> bool:
        """Whether it may be judged."""
        return bool(self.values) and not self.faults


def tell(event: str, **fields: object) -> None:
    """Print one."""
    print(json.dumps({"event": event, **fields}), flush=True)
