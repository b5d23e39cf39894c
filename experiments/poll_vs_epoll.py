"""What do idle connections cost a server that waits by poll(), and one that waits by epoll?

The notes leave it to the article, which says: poll() is given the whole list of descriptors each
time, and the kernel looks at every one of them. With epoll the kernel keeps the list, and returns
those that are ready. One client asks, a request at a time, and more and more others are connected
and silent. The container's cgroup counts the server's CPU time. Of several
rounds the cheapest counts: neighbours on the same hardware can only add to the cost.
"""

from __future__ import annotations

import resource
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse

from lab.claims import Bars, Claim, Experiment, Guest, Laboratory, Verdict

IDLE = (0, 1_000, 3_000, 10_000)
ROUNDS = 5  # from none idle to 10,000, each
REQUESTS = 300  # at each step of a round
SPINS, SPIN_US = 20, 5_000.0
ACCEPTED_WITHIN_S = 60.0
GROWS, STAYS = 3.0, 1.5  # times, from none idle to 10,000
LOST = 1 / 200  # of what poll() pays more: so little more cannot come of each idle connection
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closed by RST, so that no port stays in TIME_WAIT

CLAIM = Claim(
    id="poll-vs-epoll",
    quote="Poll-based servers\n\n  • Self explanatory in the blog post.",
    if_true="CPU for a request grows with the idle connections under poll, not under epoll.",
    if_false="It grows under both, or under neither.",
    control="The guest's table of sockets must show every idle connection accepted and ESTABLISHED,"
    " before and after; and an answer that computes 5 ms must cost 5 ms.",
    knob="idle connections: 0, 1,000, 3,000, 10,000",
)


@dataclass(frozen=True)
class Step:
    """`idle`: accepted and ESTABLISHED by the kernel, the fewer of before and after. `answered`: in
    the round with the fewest. `cpu_us`: in the cheapest round."""

    idle: int
    answered: int
    cpu_us: float


@dataclass(frozen=True)
class Server:
    """`spin_us`: CPU for an answer that computes 5 ms, without idle connections."""

    spin_us: float
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Evidence:
    poll: Server
    epoll: Server


def gather(lab: Laboratory) -> Evidence:
    with _many_descriptors():
        return Evidence(_serve(lab, "poll"), _serve(lab, "epoll"))


@contextmanager
def _many_descriptors() -> Iterator[None]:
    """As many as this process may have without asking anybody."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _serve(lab: Laboratory, model: str) -> Server:
    with lab.serve(model, idle_timeout="300s") as guest, guest.connect() as client:
        _, spin_us = _ask(guest, client, f"/spin/{SPIN_US / 1000:.0f}", SPINS)
        rounds = [_round(guest, client) for _ in range(ROUNDS)]
        steps = [
            Step(
                min(each.idle for each in same),
                min(each.answered for each in same),
                min(each.cpu_us for each in same),
            )
            for same in zip(*rounds, strict=True)
        ]
        return Server(spin_us, tuple(steps))


def _round(guest: Guest, client: socket.socket) -> list[Step]:
    steps: list[Step] = []
    with ExitStack() as held:
        for idle in IDLE:
            for _ in range(idle - (steps[-1].idle if steps else 0)):
                silent = held.enter_context(guest.connect())
                silent.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            guest.until(lambda: _idle(guest) >= idle, f"{idle} accepted", ACCEPTED_WITHIN_S)  # noqa: B023
            before = _idle(guest)
            answered, cpu_us = _ask(guest, client, "/615b.html", REQUESTS)
            steps.append(Step(min(before, _idle(guest)), answered, cpu_us))
    guest.until(lambda: not _idle(guest), "all idle clients gone", ACCEPTED_WITHIN_S)
    return steps


def _idle(guest: Guest) -> int:
    """Without the one client that asks. A socket that nobody has accepted yet has no inode."""
    port = guest.address[1]
    accepted = [
        each
        for each in guest.sockets()
        if each.state == "ESTABLISHED" and each.local_port == port and each.inode
    ]
    return len(accepted) - 1


def _ask(guest: Guest, client: socket.socket, path: str, times: int) -> tuple[int, float]:
    """How many were answered, one after the other, and the server's CPU time for each, in us."""
    request = f"GET {path} HTTP/1.1\r\nHost: lab\r\n\r\n".encode()
    answered = 0
    before_s = guest.counters().cpu_s
    for _ in range(times):
        client.sendall(request)
        answer = HTTPResponse(client)
        answer.begin()
        answer.read()
        answered += answer.status == 200
    return answered, (guest.counters().cpu_s - before_s) / times * 1e6


def judge(seen: Evidence) -> Verdict:
    for server in (seen.poll, seen.epoll):
        if tuple(step.idle for step in server.steps) != IDLE:
            return Verdict("inconclusive", "The idle connections were not there, or did not stay.")
        # Less: evidence of older runs has more requests at each step.
        if any(step.answered < REQUESTS or step.cpu_us <= 0 for step in server.steps):
            return Verdict("inconclusive", "Not every request was answered, or no CPU was counted.")
        if not SPIN_US <= server.spin_us < 2 * SPIN_US:
            return Verdict("inconclusive", "The 5 ms that an answer computes were not seen.")
    poll, epoll = _growth(seen.poll), _growth(seen.epoll)
    told = (
        "The note makes no statement, so the articles' is tried: poll() gets slower with each idle"
        f" connection, epoll does not. With 10,000 of them a request costs {poll:.1f} times as much"
        f" CPU under poll as with none ({_from_to(seen.poll)}), and {epoll:.1f} times under epoll"
        f" ({_from_to(seen.epoll)})."
    )
    more = _extra_us(seen.epoll) / (_extra_us(seen.poll) or 1.0)
    if epoll > STAYS:
        told += f" What epoll pays more is {more:.1%} of what poll does."
    if poll >= GROWS and (epoll <= STAYS or (epoll < GROWS and more <= LOST)):
        return Verdict("supported", told)
    if poll <= STAYS or epoll >= GROWS:
        return Verdict("refuted", told)
    return Verdict("inconclusive", f"{told} That is neither flat nor clearly growing.")


def _growth(server: Server) -> float:
    return server.steps[-1].cpu_us / server.steps[0].cpu_us


def _extra_us(server: Server) -> float:
    return server.steps[-1].cpu_us - server.steps[0].cpu_us


def _from_to(server: Server) -> str:
    return f"{server.steps[0].cpu_us:,.0f} to {server.steps[-1].cpu_us:,.0f} us"


def bars(seen: Evidence) -> Bars:
    return Bars(
        "CPU for a request beside idle connections",
        "us",
        tuple(
            (f"{name}, {step.idle:,} idle", step.cpu_us)
            for name, server in (("poll", seen.poll), ("epoll", seen.epoll))
            for step in server.steps
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
