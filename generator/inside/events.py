"""What the container tells, as `speed/inside/events.py` has it, with figures of several values.

{"event": "versions", "versions": {name: version}}
{"event": "figure", "row", "side", "round", "values": {name: number}, "faults": text}
{"event": "done"}
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measured:
    """One side, once. `faults` says why there are no values, or what they suffer from."""

    row: str
    side: str
    round: int
    values: dict[str, float] = field(default_factory=dict)
    faults: str = ""

    @property
    def good(self) -> bool:
        """Whether it may be judged."""
        return bool(self.values) and not self.faults
