"""Why a model's figures are what they are: one cause, from the evidence alone.

Each rule looks at what was measured and names a cause or passes; the first cause is taken. The
rules are in the order of their weight: users who got nothing explain more than a load generator at
its limit, that more than a server that waits, and that more than what its CPU is spent on. No rule
knows a model's name: a model that is renamed gets the same cause.

Where two causes are mixed, only the weightier one is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.analysis.evidence import Evidence
from lab.analysis.thresholds import QUEUED, QUEUEING, SERVER_BUSY
from lab.figure import counted, figure

IDLE = 0.5  # of one CPU: below it the CPU is not what keeps a server from doing more
STANDING = 0.5  # of the users in the accept queue: the server is what they wait for
EACH = 0.5  # forks, or workers begun, per request: it happens for most of them
SWITCHES = 3.0  # per request: a connection handed over costs one or two
OVERFLOWS = 0.01  # of the users: each of them waited a second or more for SYN to be sent again
RETRANSMITS = 1.0  # per 1,000 requests: each costs its request 200 ms or more


@dataclass(frozen=True)
class Cause:
    """`text` follows a model's name, or `it`. `specific`: it is about how this server works, and
    not only about a CPU or a load generator that was full."""

    text: str
    detail: str = ""
    specific: bool = True

    @property
    def sentence(self) -> str:
        return f"{self.text}: {self.detail}" if self.detail else self.text


def cause(evidence: Evidence) -> Cause:
    return next(found for rule in RULES if (found := rule(evidence)))


def _unconnected(e: Evidence) -> Cause | None:
    if e.unconnected <= 0:
        return None
    overflows = e.mechanism.listen_overflows or 0
    why = f"its accept queue overflowed {_times(overflows)}" if overflows else ""
    return Cause(f"leaves {e.unconnected:,.0f} of {e.users:,.0f} users unconnected", why)


def _unserved(e: Evidence) -> Cause | None:
    if e.unserved <= 0:
        return None
    served = e.users - e.unconnected - e.unserved
    workers = e.mechanism.workers_at_once
    pool = f" with a pool of {workers:,.0f}" if workers and 1 < workers <= served * 2 else ""
    busy = _busy(e)
    text = f"serves {served:,.0f} of {counted(e.users, 'user')}{pool}; the others wait"
    return Cause(text, busy.detail if busy else "")


def _generator(e: Evidence) -> Cause | None:
    """Not where most users stand in the accept queue: they wait for the server all the same."""
    queue = e.mechanism.accept_queue or 0.0
    if e.limit != "generator" or queue >= STANDING * e.users:
        return None
    held_back = "was held back by the load generator"
    if e.lateness:
        return Cause(f"{held_back}, late ({e.lateness})", _costs(e), specific=False)
    return Cause(held_back, _costs(e), specific=False)


def _network(e: Evidence) -> Cause | None:
    if e.limit != "network":
        return None
    return Cause("was held back by the network", "the link to a load host was full", specific=False)


def _workers_wait(e: Evidence) -> Cause | None:
    """Each worker holds one request, and waits with it: more workers would do more."""
    workers, in_hand = e.mechanism.workers_at_once, e.in_hand
    if e.cpu_share is None or e.cpu_share >= SERVER_BUSY:
        return None
    if not workers or in_hand is None or workers >= QUEUEING * e.users:
        return None
    if e.users - in_hand < QUEUED * (e.users - workers) - 1:
        return None
    many = "one request" if workers == 1 else f"{workers:,.0f} requests"
    return Cause(f"handles {many} at a time, and waits", f"CPU {e.cpu_share:.0%} busy")


def _all_at_once(e: Evidence) -> Cause | None:
    """Nobody queues: the answers take as long as what they wait for."""
    if not _idle(e) or e.in_hand is None or e.in_hand < QUEUEING * e.users:
        return None
    who = counted(e.users, "user")
    return Cause(f"waits for {who} at once", f"CPU {e.cpu_share:.0%} busy, and nobody queues")


def _idles(e: Evidence) -> Cause | None:
    return Cause("waits more than it works", _costs(e)) if _idle(e) else None


def _forks(e: Evidence) -> Cause | None:
    forks = e.mechanism.forks
    if forks is None or forks < EACH:
        return None
    return Cause(f"starts {_each(forks, 'process', 'processes')} for each request", _spends(e))


def _begins(e: Evidence) -> Cause | None:
    begun = e.mechanism.workers_begun
    if begun is None or begun < EACH:
        return None
    return Cause(f"starts {_each(begun, 'thread', 'threads')} for each request", _spends(e))


def _switches(e: Evidence) -> Cause | None:
    if e.mechanism.switches is None or e.mechanism.switches < SWITCHES:
        return None
    return Cause(f"takes {e.mechanism.switches:.1f} context switches for each request", _cpu(e))


def _overflows(e: Evidence) -> Cause | None:
    overflows = e.mechanism.listen_overflows
    if not overflows or overflows < OVERFLOWS * e.users:
        return None
    return Cause("accepts too slowly", f"its accept queue overflowed {_times(overflows)}")


def _retransmits(e: Evidence) -> Cause | None:
    resent = e.mechanism.retransmits_per_1000
    if resent is None or resent < RETRANSMITS:
        return None
    return Cause(f"sends {resent:.1f} segments again per 1,000 requests")


def _busy(e: Evidence) -> Cause | None:
    if e.cpu_share is None or e.cpu_share < SERVER_BUSY:
        return None
    return Cause("uses all of its CPU", f"per request {_spends(e)}", specific=False)


def _nothing(e: Evidence) -> Cause | None:
    return Cause("shows no cause that stands out", _costs(e), specific=False)


RULES: tuple[Callable[[Evidence], Cause | None], ...] = (
    _unconnected,
    _unserved,
    _generator,
    _network,
    _workers_wait,
    _all_at_once,
    _idles,
    _forks,
    _begins,
    _switches,
    _overflows,
    _retransmits,
    _busy,
    _nothing,
)


def _idle(e: Evidence) -> bool:
    return e.cpu_share is not None and e.cpu_share < IDLE


def _spends(e: Evidence) -> str:
    """All that a request takes, by kind."""
    used, share, switches = e.mechanism.cpu_us, e.kernel_share, e.mechanism.switches
    kinds = ["CPU time unknown" if used is None else f"{figure(used)} us of CPU"]
    if share is not None:
        kinds.append(f"{share:.0%} of it in the kernel")
    if switches is not None:
        kinds.append(f"{figure(switches)} context switches")
    return ", ".join(kinds)


def _costs(e: Evidence) -> str:
    share = "CPU unknown" if e.cpu_share is None else f"CPU {e.cpu_share:.0%} busy"
    return share if e.mechanism.cpu_us is None else f"{share}, {_cpu(e)}"


def _cpu(e: Evidence) -> str:
    used = e.mechanism.cpu_us
    return "CPU time unknown" if used is None else f"{figure(used)} us of CPU per request"


def _each(count: float, one: str, many: str) -> str:
    return f"a {one}" if round(count, 1) == 1 else f"{count:.1f} {many}"


def _times(count: float) -> str:
    return "once" if count == 1 else f"{count:,.0f} times"
