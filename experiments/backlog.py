"""How many clients does listen() let wait, and what becomes of the next one?

The server is stopped (SIGSTOP), so it accepts nobody. Two hundred clients connect at once. The
kernel completes the handshakes without the server, and puts the connections into the listener's
accept queue, as many as the backlog allows. It drops the SYN of the others, who are not told; their
kernel sends it again after a second. Then the server goes on.
"""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass

from lab.claims import Bars, Claim, Experiment, Laboratory, Verdict

CLIENTS = 200
SETTLED_S = 0.4  # for whoever can connect to have connected; the first retry comes after 1 s
PATIENCE_S = 20.0
RETRY_S = 0.9  # less a margin: who waited longer has sent its SYN twice

CLAIM = Claim(
    id="backlog",
    quote="listen(sock, <queue_length>)",
    if_true="The stopped server's accept queue holds about as many clients as the backlog says, and"
    " the others wait for a second or more.",
    if_false="The queue is as long whatever the backlog.",
    control="With backlog 4096 all 200 must fit, and nobody may wait a second; with backlog 1 the"
    " kernel must count overflows.",
    knob="backlog: 1, 10, 128, 4096",
)


@dataclass(frozen=True)
class Burst:
    """`queued`: in the listener's accept queue while the server was stopped. `connected`: clients
    whose connect() had succeeded by then. `overflows`, `drops`: the kernel's counts until then."""

    backlog: int
    queued: int
    connected: int
    overflows: int
    drops: int
    p99_s: float
    never: int  # clients that did not connect within PATIENCE_S


@dataclass(frozen=True)
class Evidence:
    """By backlog, the shortest first."""

    bursts: tuple[Burst, ...]


def gather(lab: Laboratory) -> Evidence:
    return Evidence(tuple(_burst(lab, backlog) for backlog in (1, 10, 128, 4096)))


def _burst(lab: Laboratory, backlog: int) -> Burst:
    with lab.serve("epoll", backlog=str(backlog)) as guest:
        before = guest.tcp_counters()
        guest.stop()
        clients = _Clients(guest.address)
        clients.wait(SETTLED_S)
        after = guest.tcp_counters()
        queued, connected = guest.accept_queue(), len(clients.took_s)
        guest.signal("SIGCONT")
        clients.wait(PATIENCE_S)
        never = clients.close()
    took_s = sorted(clients.took_s)
    return Burst(
        backlog=backlog,
        queued=queued,
        connected=connected,
        overflows=after["ListenOverflows"] - before["ListenOverflows"],
        drops=after["ListenDrops"] - before["ListenDrops"],
        p99_s=round(took_s[len(took_s) * 99 // 100 - 1], 3) if took_s else 0.0,
        never=never,
    )


class _Clients:
    """They connect without blocking, all at once. `took_s`: of those who have connected."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.took_s: list[float] = []
        self._poller = select.poll()
        self._began_s: dict[int, float] = {}
        self._all = [socket.socket() for _ in range(CLIENTS)]
        for client in self._all:
            client.setblocking(False)
            self._began_s[client.fileno()] = time.monotonic()
            client.connect_ex(address)  # EINPROGRESS
            self._poller.register(client, select.POLLOUT)

    def wait(self, within_s: float) -> None:
        """Until all have connected, or the time is over."""
        until_s = time.monotonic() + within_s
        while self._began_s and (left_s := until_s - time.monotonic()) > 0:
            for descriptor, events in self._poller.poll(left_s * 1000):
                self._poller.unregister(descriptor)
                began_s = self._began_s.pop(descriptor)
                if not events & (select.POLLERR | select.POLLHUP):
                    self.took_s.append(time.monotonic() - began_s)

    def close(self) -> int:
        """How many have not connected."""
        for client in self._all:
            client.close()
        return CLIENTS - len(self.took_s)


def judge(seen: Evidence) -> Verdict:
    *short, longest = seen.bursts
    if doubt := _doubt(short, longest):
        return Verdict("inconclusive", doubt)
    told = ", ".join(f"{each.queued} at backlog {each.backlog}" for each in short)
    if any(each.queued not in (each.backlog, each.backlog + 1) for each in short):
        return Verdict("refuted", f"The queue took other numbers than it was told: {told}.")
    one_more = all(each.queued == each.backlog + 1 for each in short)
    first = short[0]
    return Verdict(
        "supported",
        f"Of {CLIENTS} clients the queue of a stopped server took {told}, and all at"
        f" {longest.backlog:,}.{' Linux holds one more than it is told.' if one_more else ''}"
        f" The server's kernel dropped the SYNs of all the rest ({first.overflows} ListenOverflows"
        f" at backlog {first.backlog}). Each client's kernel sent its SYN again after a second:"
        f" p99 of connect() {first.p99_s:.2f} s, against {longest.p99_s:.2f} s when all fit.",
    )


def _doubt(short: list[Burst], longest: Burst) -> str:
    """Why the probe may not be believed."""
    if longest.queued != CLIENTS or longest.overflows or longest.p99_s > RETRY_S or longest.never:
        return f"Backlog {longest.backlog} did not take all {CLIENTS} clients."
    if all(each.queued == longest.queued for each in short):
        return "The setting had no effect: every queue took all clients."
    if any(not each.queued for each in short):
        return "A queue was empty: nobody came, or it was not read."
    if any(each.overflows < CLIENTS - each.queued for each in short):
        return "The kernel did not count an overflow for each client that found no place."
    if any(each.queued < CLIENTS and each.p99_s < RETRY_S for each in short):
        return "Clients without a place in the queue did not have to wait."
    return ""


def bars(seen: Evidence) -> Bars:
    return Bars(
        f"Time to connect, p99 of {CLIENTS} clients at once",
        "seconds",
        tuple((f"backlog {each.backlog}", each.p99_s) for each in seen.bursts),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
