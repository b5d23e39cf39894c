"""What the container tells the host while it works: one JSON object a line on standard output.

{"event": "versions", "versions": {name: version}}
{"event": "row", "row": name}                       it begins
{"event": "figure", "row", "side", "round", "rate_per_s": number or null, "faults": text}
{"event": "done"}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """One figure. `rate_per_s` is None where the client or the server gave up; `faults` says why,
    or what went wrong in a run that has a rate."""

    row: str
    side: str
    round: int
    rate_per_s: float | None
    faults: str = ""

    @property
    def good(self) -> bool:
        """Whether it may be compared."""
        return self.rate_per_s is not None and not self.faults


def tell(event: str, **fields: object) -> None:
    """Print one."""
    print(json.dumps({"event": event, **fields}), flush=True)


def measured(event: dict[str, Any]) -> Measured:
    """The figure that an event tells."""
    return Measured(**{name: event[name] for name in Measured.__dataclass_fields__})
