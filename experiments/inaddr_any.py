"""At which of its addresses does a server answer?

A container has two: 127.0.0.1 on its loopback, and one on Docker's bridge, where clients come from
outside. The first server binds to INADDR_ANY (0.0.0.0), the second to 127.0.0.1. Each is asked at
both addresses, and at the port that Docker publishes on this host's loopback. /proc/PID/net/tcp
shows what the listener is bound to.
"""

from __future__ import annotations

import errno
import http.client
from dataclasses import dataclass

from lab.claims import Claim, Experiment, Guest, Laboratory, Verdict

ANY = "0.0.0.0"  # noqa: S104 - INADDR_ANY is what is tried
LOOPBACK = "127.0.0.1"
GOOD = "200"
REFUSED = "ECONNREFUSED"
CLOSED = "closed without an answer"
PATH = "/615b.html"
CLIENT = """
import errno, sys, urllib.error, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=5).status)
except urllib.error.URLError as error:
    print(errno.errorcode.get(getattr(error.reason, "errno", None), error.reason))
"""

CLAIM = Claim(
    id="inaddr-any",
    quote="INADDR_ANY : Any address available",
    if_true="Bound to 0.0.0.0 it answers at every address; bound to 127.0.0.1 at that one alone.",
    if_false="Bound to 0.0.0.0 it misses an address of its own.",
    control="Bound to 127.0.0.1 it must answer there, from inside, and refuse at the other address:"
    " so the server runs, and the probe sees a refusal.",
    knob="bind: 0.0.0.0 or 127.0.0.1",
)


@dataclass(frozen=True)
class Bound:
    """`listens_at`: as the kernel has it. Then the status of the answer at each address, or the
    errno; `published` is this host's port."""

    listens_at: tuple[str, ...]
    inside: str
    bridge: str
    published: str


@dataclass(frozen=True)
class Evidence:
    """A server for each address that it binds to."""

    any: Bound
    loopback: Bound


def gather(lab: Laboratory) -> Evidence:
    return Evidence(_bound(lab, ANY), _bound(lab, LOOPBACK))


def _bound(lab: Laboratory, address: str) -> Bound:
    with lab.serve("epoll", bind=address) as guest:
        at = [each.local_address for each in guest.listeners()]
        return Bound(tuple(at), _inside(guest), _answer(*guest.address), _published(guest))


def _inside(guest: Guest) -> str:
    """By a client in the server's own container, at its loopback address."""
    return guest.run_inside("python3", "-c", CLIENT, f"http://{LOOPBACK}:{guest.address[1]}{PATH}")


def _published(guest: Guest) -> str:
    return _answer(LOOPBACK, guest.published_port) if guest.published_port else "none"


def _answer(host: str, port: int) -> str:
    client = http.client.HTTPConnection(host, port, timeout=5)
    try:
        client.request("GET", PATH, headers={"Connection": "close"})
        return str(client.getresponse().status)
    except http.client.RemoteDisconnected:
        return CLOSED
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    finally:
        client.close()


def judge(seen: Evidence) -> Verdict:
    one = seen.loopback
    if seen.any.listens_at != (ANY,) or one.listens_at != (LOOPBACK,):
        return Verdict("inconclusive", "The listeners were not bound as they were told.")
    if one.inside != GOOD:
        return Verdict("inconclusive", "The server at 127.0.0.1 did not answer there either.")
    if one.bridge != REFUSED:
        return Verdict("inconclusive", f"The probe saw no refusal, but {one.bridge}.")
    if (seen.any.inside, seen.any.bridge) != (GOOD, GOOD):
        return Verdict(
            "refuted",
            f"Bound to 0.0.0.0 it gave {seen.any.inside} at 127.0.0.1 and {seen.any.bridge} at its"
            " address on the bridge.",
        )
    return Verdict(
        "supported",
        "Bound to 0.0.0.0 one listener answered at 127.0.0.1 and at the container's address on the"
        " bridge. Bound to 127.0.0.1 it answered there alone, and the bridge's address gave"
        f" {one.bridge}. A published port then reaches nobody: {one.published} instead of"
        f" {seen.any.published}.",
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge)
