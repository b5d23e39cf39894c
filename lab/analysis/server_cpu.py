"""How much CPU time the server used over a trial's window, and on what.

The cgroup tells, exactly, but for softirqs: it shows those that interrupted one of its tasks. Where
the guest pays for what it receives, and its CPUs were busy, the others are added. What the server
used lies then below two bounds, of which the lower one counts: the time in which its CPUs were
neither idle nor stolen (which holds what anybody else did there), and what its cgroup used plus all
softirqs (which counts those twice that interrupted its tasks). CPUs that are often idle do not tell
their softirqs: these are sampled by a tick that stops with the idle CPU.

Time that the hypervisor stole was never the server's to use, so the share is of what was left.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.analysis.thresholds import SERVER_BUSY
from lab.records.record import Counters, ServerRecord


@dataclass(frozen=True)
class ServerCpu:
    """Seconds over the window. The parts add up to `used_s`; None is unknown."""

    used_s: float
    available_s: float  # of one CPU
    user_s: float | None
    system_s: float | None
    softirq_s: float | None  # None: not told apart from the rest

    @property
    def share(self) -> float:
        """1.0 is one CPU all the time."""
        return self.used_s / self.available_s


def over_window(server: ServerRecord) -> ServerCpu | None:
    """None where the counters were not read at both edges."""
    opened, closed = server.opened, server.closed
    if opened is None or closed is None or closed.read_at_s <= opened.read_at_s:
        return None
    used_s = closed.cpu_s - opened.cpu_s
    available_s = _available_s(opened, closed)
    before, after = opened.cpus, closed.cpus
    if server.receive == "guest" and before and after:
        busy_s = available_s * after.count - (after.idle_s - before.idle_s)
        if busy_s >= SERVER_BUSY * available_s * after.count:
            softirq_s = after.softirq_s - before.softirq_s
            used_s = min(busy_s, used_s + softirq_s)
            user_s = min(used_s, after.user_s - before.user_s)
            softirq_s = min(used_s - user_s, softirq_s)
            system_s = used_s - user_s - softirq_s
            return ServerCpu(used_s, available_s, user_s, system_s, softirq_s)
    # The cgroup's own parts are sampled by ticks and may not add up: their ratio divides the total.
    user_s = closed.cpu_user_s - opened.cpu_user_s
    system_s = closed.cpu_system_s - opened.cpu_system_s
    if user_s + system_s <= 0:
        return ServerCpu(used_s, available_s, None, None, None)
    share = user_s / (user_s + system_s)
    return ServerCpu(used_s, available_s, used_s * share, used_s * (1 - share), None)


def _available_s(opened: Counters, closed: Counters) -> float:
    """The window, less what was stolen of a CPU on average."""
    window_s = closed.read_at_s - opened.read_at_s
    if opened.cpus is None or closed.cpus is None:
        return window_s
    stolen_s = (closed.cpus.steal_s - opened.cpus.steal_s) / closed.cpus.count
    return max(0.01, window_s - stolen_s)
