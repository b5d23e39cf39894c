"""Was the server held back by a CPU quota while it was measured?

The lab gives none (docs/decisions/0106), so a quota is somebody else's: `docker update --cpus`, a
policy of the host. A throttled server is full with its CPU far from busy, and nothing else tells.
A quota of a group above the container's is not seen: the kernel counts it there.
"""

from __future__ import annotations

from lab.analysis.thresholds import THROTTLED
from lab.records.record import ServerRecord


def throttled(server: ServerRecord) -> str | None:
    """How much of the window, in words, where it was too much."""
    opened, closed = server.opened, server.closed
    if opened is None or closed is None or closed.read_at_s <= opened.read_at_s:
        return None
    if opened.throttled_s is None or closed.throttled_s is None:
        return None
    share = (closed.throttled_s - opened.throttled_s) / (closed.read_at_s - opened.read_at_s)
    return f"throttled {share:.0%} of the time by a CPU quota" if share > THROTTLED else None
