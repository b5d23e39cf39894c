"""Every threshold of the verdicts, once, with its reason.

They start where ../docs/measuring.md says and are shares unless the name has a unit. A test holds
each on both sides.
"""

from __future__ import annotations

# -- validity
ERRORING_SHARE = 0.001  # more failures than this and throughput counts something else
EDGE_LATENESS_S = 0.05  # counters read later than this off the window's edge measure another window
THROTTLED = 0.01  # seconds per second: a hundredth of the time is what the p99 is made of
LITTLE_SHARE = 0.05  # users and rate times latency may differ by so much: cut requests, rounding

# -- who was the limit
WORKER_BUSY = 0.85  # of one CPU: beyond it a worker's queueing shows in what it measures ...
WORKER_FULL = 0.97  # ... and beyond this it had no strength left, whatever the server had
SERVER_BUSY = 0.90  # of one CPU: a server this busy is the limit itself ...
SERVER_FULL = 0.97  # ... and beyond this no load could have had more of it, late or not
RUN_DELAY = 0.05  # seconds per second a worker waited for a CPU: somebody else had it
LOOP_LAG_P99_US = 2_000  # late to its timers by more, and answers lay unread as long
CEILING_SHARE = 0.90  # of what the generator can do on this host: so close it is not told apart
LINK_FULL = 0.90  # of the bytes a second that one connection gave before the run
ACHIEVED_SHARE = 0.99  # of what was offered; below it the queue grew while the window lasted
QUEUED = 0.75  # of the users without a worker, less one: the others were answered and come back
SERVER_BOUND_TRIALS = 0.8  # of a cell's: else what lay beside the server shaped its median too
QUEUEING = 0.9  # of the users: fewer in the server's hands, and the others queue

# -- what is told beside them
CLOCK_DOUBT_S = (
    0.001  # a load host's clock may be off by more: its window lies as far from ours ...
)
CLOCK_LOST_S = 0.010  # ... and beyond this it is another window than that of the counters
RESENT = 0.01  # of the server's segments, to load hosts: the network lost them, or was full
STEAL = 0.02  # seconds per second: the hypervisor gave the host's CPUs to somebody else
EVEN_SPEED = 0.9  # of the CPUs' best in a run: slower before some trial, and medians move with it
# (Pressure is recorded and not judged: twenty threads on one CPU are some pressure at any time.)
SITTING_PAUSE_S = 120.0  # a longer pause parts sittings: twice what settling may take at the most
P99_SAMPLES = 1_000  # ten of them lie above the p99
P999_SAMPLES = 10_000
