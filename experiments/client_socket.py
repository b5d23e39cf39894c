"""accept() makes a new socket for each client; the listening socket stays as it was.

Five clients connect and say nothing. /proc/PID/net/tcp lists the sockets of the server's port: one
LISTEN, and an ESTABLISHED one for each client. The kernel completes a connection before the server
accepts it, so ESTABLISHED alone proves nothing: only an accepted socket has an inode. Then strace
shows which descriptor carries a request and its answer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from experiments._trace import Call, calls
from lab.claims import Bars, Claim, Experiment, Guest, Laboratory, Verdict

CLIENTS = 5
SETTLED_S = 0.3  # for a server to accept whom it will
ONE_MORE_S = 1.0  # for one more client to get an answer, many times what it takes
IO = ("recvfrom", "recvmsg", "read", "readv", "sendto", "sendmsg", "write", "writev", "sendfile")

CLAIM = Claim(
    id="client-socket",
    quote=(
        "server socket accepts the connection and delegates work to the client socket through which"
        " any communication takes place."
    ),
    if_true="A socket for each client beside the listener, which goes on accepting; all bytes pass"
    " through the client's descriptor.",
    if_false="One socket for all, a listener that is taken up by a client, or bytes through it.",
    control="The iterative server accepts one of the five: the probe must see one with an inode"
    " and four in the listener's queue.",
    knob="model: threaded, which accepts all, or iterative, which accepts one",
)


@dataclass(frozen=True)
class Held:
    """Sockets of the server's port while five clients stay. `one_more`: one more was answered."""

    listening: int
    established: int
    accepted: int
    queued: int
    one_more: bool
    stayed: int  # of the five, those still established after that


@dataclass(frozen=True)
class Carried:
    """One request: the descriptor that accept() gave, and the reads and writes on each of two."""

    listener: int | None
    client: int | None
    on_client: int
    on_listener: int


@dataclass(frozen=True)
class Evidence:
    threaded: Held
    iterative: Held
    carried: Carried


def gather(lab: Laboratory) -> Evidence:
    with lab.serve("threaded") as guest:
        threaded = held(guest)
        with guest.traced() as lines:
            guest.ask()
    with lab.serve("iterative") as guest:
        iterative = held(guest)
    return Evidence(threaded, iterative, carried(calls(lines)))


def held(guest: Guest) -> Held:
    clients = [guest.connect() for _ in range(CLIENTS)]
    ports = {client.getsockname()[1] for client in clients}

    def ours() -> list[int]:
        """The inodes of the five's sockets, at the server's end."""
        return [
            each.inode
            for each in guest.sockets()
            if each.state == "ESTABLISHED" and each.remote_port in ports
        ]

    guest.until(lambda: any(ours()), "a client is accepted")
    time.sleep(SETTLED_S)
    inodes = ours()
    listeners = guest.listeners()
    one_more = guest.answers(ONE_MORE_S)
    stayed = len(ours())
    for client in clients:
        client.close()
    return Held(
        listening=len(listeners),
        established=len(inodes),
        accepted=sum(inode != 0 for inode in inodes),
        queued=sum(each.receive_queue for each in listeners),
        one_more=one_more,
        stayed=stayed,
    )


def carried(trace: list[Call]) -> Carried:
    for call in trace:
        if call.name == "accept4" and (call.result or -1) > 0:
            used = [each.descriptor for each in trace if each.name in IO]
            return Carried(
                listener=call.descriptor,
                client=call.result,
                on_client=used.count(call.result),
                on_listener=used.count(call.descriptor),
            )
    return Carried(None, None, 0, 0)


def judge(seen: Evidence) -> Verdict:
    threaded, iterative, trace = seen.threaded, seen.iterative, seen.carried
    if (iterative.accepted, iterative.queued, iterative.one_more) != (1, CLIENTS - 1, False):
        return Verdict(
            "inconclusive", "The probe cannot tell an accepted client from a waiting one."
        )
    if threaded.listening != 1 or threaded.established != CLIENTS:
        return Verdict("inconclusive", "The five clients were not all seen beside one listener.")
    if trace.client is None or trace.listener is None or trace.on_client == 0:
        return Verdict("inconclusive", "The trace does not show the client's socket at work.")
    if threaded.accepted < CLIENTS or not threaded.one_more or threaded.stayed < CLIENTS:
        return Verdict(
            "refuted",
            f"{threaded.accepted} of five clients had a socket of their own, and one more"
            f" {'was' if threaded.one_more else 'was not'} answered.",
        )
    if trace.on_listener:
        return Verdict("refuted", "Bytes passed through the listening socket.")
    return Verdict(
        "supported",
        "Five clients had five sockets beside the one that listens, and one more client was"
        f" answered meanwhile. accept() on descriptor {trace.listener} gave {trace.client}:"
        f" all {trace.on_client} reads and writes used {trace.client}, and none the"
        " listener's. The iterative server had accepted one of the five: the other four were"
        " connected too, and waited in the listener's queue.",
    )


def bars(seen: Evidence) -> Bars:
    return Bars(
        "Of five connected clients, those that have been accepted",
        "sockets",
        (("threaded", seen.threaded.accepted), ("iterative", seen.iterative.accepted)),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
