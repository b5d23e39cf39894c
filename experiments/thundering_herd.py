"""Does a new client wake one waiting process, or the whole herd?

Eight pre-forked workers wait for clients, who come one at a time, when all workers sleep again. A
worker that wakes and sleeps again makes a voluntary context switch; the kernel counts them in
/proc/PID/status. The winner may make one more as it waits for the request.
"""

from __future__ import annotations

from dataclasses import dataclass

from experiments._herd import CLIENTS, WORKERS, switches_per_client
from lab.claims import Bars, Claim, Experiment, Laboratory, Verdict

HERD = WORKERS / 2  # switches for a client: at least half of the workers woke
ONE = 3.0  # the one that serves, and its own wait for the request

CLAIM = Claim(
    id="thundering-herd",
    quote=(
        "Thundering herd : Not all process can bind() to the same port so the CPU scheduler has to"
        " decide fairly which process to allow. This wastes cycles. In linux(and in most networking"
        " servers) just one process is woken instead of all so that no time is wasted on deciding."
    ),
    if_true="About one context switch for a client, however the workers wait.",
    if_false="About eight: every worker wakes, and seven find nothing.",
    control="Waiting by poll() must wake more than half of the workers, or the probe sees no herd.",
    knob="accept_wait: block in accept(), or wait by poll, epoll, epoll with EPOLLEXCLUSIVE",
)


@dataclass(frozen=True)
class Evidence:
    """Voluntary context switches of all workers for a client, by the way they wait."""

    workers: int
    accepted: int  # the least of the four servers' accounts
    block: float
    poll: float
    epoll: float
    epoll_exclusive: float


def gather(lab: Laboratory) -> Evidence:
    found: dict[str, float] = {}
    accepted, workers = [], []
    for way in ("block", "poll", "epoll", "epoll-exclusive"):
        with lab.serve("preforked", accept_wait=way, workers=str(WORKERS)) as guest:
            found[way], _ = switches_per_client(guest, guest.children)
            workers.append(len(guest.children()))
            guest.signal("SIGTERM")
            guest.exit_code()
            account = guest.account()
            accepted.append(account.accepted if account else 0)
    return Evidence(min(workers), min(accepted), *found.values())


def judge(seen: Evidence) -> Verdict:
    if seen.workers != WORKERS or seen.accepted < CLIENTS or seen.poll < HERD:
        return Verdict("inconclusive", "The herd that poll() has to wake was not seen.")
    herd = f"Waiting by poll() wakes all: {seen.poll:.1f}; by epoll {seen.epoll:.1f}"
    if seen.block > HERD:
        return Verdict("refuted", f"Workers blocked in accept() make {seen.block:.1f} switches.")
    if seen.block <= ONE:
        return Verdict(
            "refined",
            f"True of workers that block in accept(): {seen.block:.1f} switches per client, so one"
            f" process of eight wakes. {herd}; with EPOLLEXCLUSIVE {seen.epoll_exclusive:.1f}."
            " (What the processes compete for is accept(), not bind().)",
        )
    return Verdict("inconclusive", f"{seen.block:.1f} switches for a client: neither one nor all.")


def bars(seen: Evidence) -> Bars:
    return Bars(
        "Context switches of eight workers for each client",
        "switches",
        (
            ("accept()", seen.block),
            ("poll()", seen.poll),
            ("epoll", seen.epoll),
            ("EPOLLEXCLUSIVE", seen.epoll_exclusive),
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
