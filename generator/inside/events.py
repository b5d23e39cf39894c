"""What the container tells, as `speed/inside/events.py` has it, with figures of several values.

{"event": "versions", "versions": {name: version}}
{"event": "figure", "row", "side", "round", "values": {name: number}, "faults": text,
 "remark": text}
{"event": "done"}
"""

from __future__ import annotations

from dataclasses import dataclass, field


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
