"""Little's law as a check on a trial: users = rate x (latency + think time).

Between an answer and the next request a keep-alive user does nothing but think, so the two sides
agree, or somebody miscounts. With a connection for each request a user also waits for the server's
FIN, which belongs to no answer: then fewer may be in progress than there are users, but never more.
(J. D. C. Little, "A Proof for the Queuing Formula L = lambda W", 1961.)
"""

from __future__ import annotations

from lab.analysis.thresholds import ERRORING_SHARE, LITTLE_SHARE
from loadgen.formats.record import LoadRecord


def inconsistent(load: LoadRecord) -> str | None:
    """What does not add up, in words; None where it does, or the law has nothing to say.

    N are the users that were answered at least once: others wait all the time, and for nothing.
    """
    times, shares = load.latency_us, load.connections.shares
    failing = load.window.failures.total > ERRORING_SHARE * max(load.window.requests, 1)
    if load.loop == "open" or times is None or shares is None or not shares.served or failing:
        return None
    busy = load.window.throughput_rps * (times.mean / 1e6 + load.think_s)
    gap = (busy - shares.served) / shares.served
    too_few = gap < -LITTLE_SHARE and load.connection == "keep-alive"
    if gap <= LITTLE_SHARE and not too_few:
        return None
    said = f"rate times latency makes {busy:,.1f} users in progress"
    return f"{said}, {shares.served:,} were served (Little's law)"
