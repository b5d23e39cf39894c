"""One sentence on why a model's figures are what they are, derived from the evidence alone. Pure.

Each rule looks at what was measured and either says its sentence or passes; the first that speaks
is taken. They stand in the order of explanatory weight: users who got nothing explain more than a
generator at its limit or late, that more than a server that waits, and that more than what its CPU
is spent on. No rule knows a model's name, so a model that was renamed, or written anew, is told the
same.

It loses where two causes are mixed: the sentence names the weightier one and not the other.
"""

from __future__ import annotations

from collections.abc import Callable

from lab.evidence import Evidence
from lab.figure import counted, figure
from lab.thresholds import QUEUED, QUEUEING, SERVER_BUSY

IDLE = 0.5  # of one CPU: below it the CPU is not what keeps a server from doing more
STANDING = 0.5  # of the users in the accept queue: the server is what they wait for
EACH = 0.5  # forks, or workers begun, per request: it happens for most of them
SWITCHES = 3.0  # per request: a connection handed over costs one or two
OVERFLOWS = 0.01  # of the users: each of them waited a second or more for SYN to be sent again
RETRANSMITS = 1.0  # per 1,000 requests: each costs its request 200 ms or more


def sentence(evidence: Evidence) -> str:
    """In words that follow the model's name."""
    return next(text for rule in RULES if (text := rule(evidence)))


def _unconnected(e: Evidence) -> str | None:
    if e.unconnected <= 0:
        return None
    overflows = e.mechanism.listen_overflows or 0
    why = f": its accept queue overflowed {_times(overflows)}" if overflows else ""
    return f"leaves {e.unconnected:,.0f} of {e.users:,.0f} users unconnected{why}"


def _unserved(e: Evidence) -> str | None:
    if e.unserved <= 0:
        return None
    served = e.users - e.unconnected - e.unserved
    workers = e.mechanism.workers_at_once
    who = f"a pool of {workers:,.0f}" if workers and 1 < workers <= served * 2 else "it"
    busy = _busy(e)
    costs = f"; {busy}" if busy else ""
    return f"{who} serves {counted(served, 'user')} and leaves {e.unserved:,.0f} waiting{costs}"


def _generator(e: Evidence) -> str | None:
    """Not where most users stand in the accept queue: they wait for the server all the same."""
    queue = e.mechanism.accept_queue or 0.0
    if e.limit != "generator-bound" or queue >= STANDING * e.users:
        return None
    if e.lateness:
        return f"{_costs(e)}: the load generator was late ({e.lateness})"
    return f"{_costs(e)}: the load generator was the limit"


def _workers_wait(e: Evidence) -> str | None:
    """Each worker holds one request, and waits with it: more workers would do more."""
    workers, in_hand = e.mechanism.workers_at_once, e.in_hand
    if e.cpu_share is None or e.cpu_share >= SERVER_BUSY:
        return None
    if not workers or in_hand is None or workers >= QUEUEING * e.users:
        return None
    if e.users - in_hand < QUEUED * (e.users - workers) - 1:
        return None
    return f"waits: CPU {e.cpu_share:.0%} busy, {counted(workers, 'request')} in progress at most"


def _all_at_once(e: Evidence) -> str | None:
    """Nobody queues: the answers take as long as what they wait for."""
    if not _idle(e) or e.in_hand is None or e.in_hand < QUEUEING * e.users:
        return None
    who = counted(e.users, "user")
    return f"waits for {who} at once: CPU {e.cpu_share:.0%} busy, and nobody queues"


def _idles(e: Evidence) -> str | None:
    if not _idle(e):
        return None
    return f"waits more than it works: {_costs(e)}"


def _forks(e: Evidence) -> str | None:
    forks = e.mechanism.forks
    if forks is None or forks < EACH:
        return None
    return f"forks {forks:.1f} times per request: {_spends(e)}"


def _begins(e: Evidence) -> str | None:
    begun = e.mechanism.workers_begun
    if begun is None or begun < EACH:
        return None
    return f"begins {begun:.1f} threads per request: {_spends(e)}"


def _switches(e: Evidence) -> str | None:
    if e.switches is None or e.switches < SWITCHES:
        return None
    return f"hands over much: {e.switches:.1f} context switches per request, {_cpu(e)}"


def _overflows(e: Evidence) -> str | None:
    overflows = e.mechanism.listen_overflows
    if not overflows or overflows < OVERFLOWS * e.users:
        return None
    return f"accepts too slowly: its accept queue overflowed {_times(overflows)}"


def _retransmits(e: Evidence) -> str | None:
    resent = e.mechanism.retransmits_per_1000
    if resent is None or resent < RETRANSMITS:
        return None
    return f"sends again {resent:.1f} segments per 1,000 requests: the network loses them"


def _busy(e: Evidence) -> str | None:
    if e.cpu_share is None or e.cpu_share < SERVER_BUSY:
        return None
    return f"has no CPU left; per request {_spends(e)}"


def _nothing(e: Evidence) -> str | None:
    return f"nothing stands out: {_costs(e)}"


RULES: tuple[Callable[[Evidence], str | None], ...] = (
    _unconnected,
    _unserved,
    _generator,
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
    used, share, switches = e.mechanism.cpu_us, e.kernel_share, e.switches
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


def _times(count: float) -> str:
    return "once" if count == 1 else f"{count:,.0f} times"
