"""When does a server know that the headers have ended?

A request is fed byte by byte. After each byte the probe waits until the server has read it (its
receive queue in /proc/PID/net/tcp is empty), then looks whether an answer has come. The first bytes
of another request follow, so that an answer at the end of the headers is not merely one at the end
of everything.
"""

from __future__ import annotations

import select
import socket
from dataclasses import dataclass

from lab.claims import Claim, Experiment, Guest, Laboratory, Verdict

MODELS = ("iterative", "forking", "preforked", "threaded", "prethreaded", "poll", "epoll")
REQUEST = b"GET /615b.html HTTP/1.1\r\nHost: lab\r\n\r\n"
MORE = b"GET /"
BARE = REQUEST.replace(b"\r\n", b"\n")
FIRST_BARE_LF = BARE.index(b"\n") + 1
SOON_MS = 10  # a server that answers does so within one
LONG_MS = 300  # around the end, where a late answer would be taken for one to the next byte

CLAIM = Claim(
    id="blank-line",
    quote="Done sending headers when an empty line with the above two.",
    if_true="No answer before the last byte of the empty line (CR LF), and one after it.",
    if_false="An answer before the empty line is whole, or none after it.",
    control="Lines that end in LF alone are an error that is answered at the first of them: the"
    " probe must see that answer in the middle of the feed.",
    knob="how much of the request has been sent",
)


@dataclass(frozen=True)
class Fed:
    """`answered_at`: how many bytes the server had read when its answer came; 0: it never came."""

    model: str
    answered_at: int
    status: int


@dataclass(frozen=True)
class Evidence:
    """`length`: of the request, its empty line included. `bare`: with LF alone."""

    length: int
    fed: tuple[Fed, ...]
    bare: Fed


def gather(lab: Laboratory) -> Evidence:
    fed = []
    for model in MODELS:
        with lab.serve(model) as guest:
            fed.append(_feed(guest, model, REQUEST + MORE))
            if model == MODELS[-1]:
                bare = _feed(guest, model, BARE)
    return Evidence(len(REQUEST), tuple(fed), bare)


def _feed(guest: Guest, model: str, data: bytes) -> Fed:
    with guest.connect() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poller = select.poll()
        poller.register(client, select.POLLIN)
        port = client.getsockname()[1]
        for count in range(1, len(data) + 1):
            client.send(data[count - 1 : count])
            guest.until(lambda: _has_read(guest, port), f"byte {count} is read")
            around = count in (len(REQUEST) - 1, len(REQUEST))
            if poller.poll(LONG_MS if around else SOON_MS):
                return Fed(model, count, _status(client.recv(65536)))
    return Fed(model, 0, 0)


def _has_read(guest: Guest, port: int) -> bool:
    """Also where it has closed its side by now."""
    ours = [each for each in guest.sockets() if each.remote_port == port]
    return all(each.receive_queue == 0 for each in ours)


def _status(answer: bytes) -> int:
    """0 where it is no HTTP."""
    words = answer.split(b" ", 2)
    return int(words[1]) if words[0] == b"HTTP/1.1" else 0


def judge(seen: Evidence) -> Verdict:
    if not 0 < seen.bare.answered_at < len(BARE):
        return Verdict("inconclusive", "The probe did not see an answer that came early.")
    if any(each.answered_at and each.status != 200 for each in seen.fed) or len(seen.fed) < 2:
        return Verdict("inconclusive", "A server took the request for a wrong one.")
    if not any(each.answered_at for each in seen.fed):
        return Verdict("inconclusive", "No server answered at all.")
    wrong = [each for each in seen.fed if each.answered_at != seen.length]
    if wrong:
        told = ", ".join(f"{each.model} at byte {each.answered_at}" for each in wrong)
        return Verdict("refuted", f"The headers end at byte {seen.length}; it answered {told}.")
    return Verdict(
        "supported",
        f"All {len(seen.fed)} models answered when they had read byte {seen.length}, the LF of the"
        f" empty line, and none at byte {seen.length - 1}, its CR. Both are needed: lines that"
        f" end in LF alone got {seen.bare.status} at the first of them.",
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge)
