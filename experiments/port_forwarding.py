"""How does one reach a server in a VM, and what does the way cost?

The container is the VM. There are three ways in: a port of this host's localhost that Docker's
proxy forwards (published), a port of localhost in the container `vmhost` that the kernel forwards
by address translation (forwarded), and the container's own address (direct). The same small bench
goes each way. They are three runs, one after the other, so only large differences count.
"""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack
from dataclasses import dataclass

from lab.claims import Bars, Claim, Experiment, Guest, Laboratory, Verdict

OPEN = 3  # connections held open, to be found in the server's own socket table
ASKED = 500  # requests, to see what the proxy's process costs
LOOPBACK = "127.0.0.1"
REFUSED = "ECONNREFUSED"
LARGE = 0.8  # of the other's requests/s, at most: a difference between two runs

CLAIM = Claim(
    id="port-forwarding",
    quote="port forwarding on host and access via localhost",
    if_true="Localhost's port answers, and its connections are in the server's own socket table.",
    if_false="Localhost's port refuses, or somebody else answers there.",
    control="Without the server, the port must refuse. The direct way must answer.",
    knob="path: published, forwarded or direct",
)


@dataclass(frozen=True)
class Path:
    """A bench of epoll by one way. `cpu_us`: of the server alone, for a request."""

    requests_per_s: float
    p50_us: int | None
    cpu_us: float | None
    failures: int
    limit: str | None


@dataclass(frozen=True)
class Evidence:
    """`arrived`: connections in the server's table while OPEN were held at localhost.
    `without_server`: what localhost's port says then. `proxy_us`: CPU time of Docker's proxy for a
    request; None where it has no such process."""

    arrived: int
    without_server: str
    proxy_us: float | None
    published: Path
    forwarded: Path
    direct: Path


def gather(lab: Laboratory) -> Evidence:
    with lab.serve("epoll") as guest:
        port = guest.published_port or 0
        with ExitStack() as held:
            for _ in range(OPEN):
                held.enter_context(socket.create_connection((LOOPBACK, port), 5))
            guest.until(lambda: _arrived(guest) >= OPEN, "localhost's connections arrive")
            arrived = _arrived(guest)
        proxy_us = _proxy_us(guest, port)
    return Evidence(
        arrived,
        _without_server(port),
        proxy_us,
        *(_bench(lab, way) for way in ("published", "forwarded", "direct")),
    )


def _arrived(guest: Guest) -> int:
    port = guest.address[1]
    return sum(each.state == "ESTABLISHED" and each.local_port == port for each in guest.sockets())


def _proxy_us(guest: Guest, port: int) -> float | None:
    before = guest.proxy()
    for _ in range(ASKED):
        with socket.create_connection((LOOPBACK, port), 5) as client:
            client.sendall(b"GET /615b.html HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
            while client.recv(65536):
                pass
    after = guest.proxy()
    return (after.cpu_s - before.cpu_s) / ASKED * 1e6 if before and after else None


def _without_server(port: int) -> str:
    try:
        socket.create_connection((LOOPBACK, port), 5).close()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    return "connected"


def _bench(lab: Laboratory, way: str) -> Path:
    row = lab.bench("quick", models=("epoll",), trials=3, via=way).row("epoll")
    return Path(row.requests_per_s, row.p50_us, row.cpu_us, row.failures, row.limit)


def judge(seen: Evidence) -> Verdict:
    if seen.without_server != REFUSED:
        return Verdict(
            "inconclusive", f"Without the server its port gave {seen.without_server}: not refused."
        )
    if seen.direct.failures or not seen.direct.requests_per_s:
        return Verdict("inconclusive", "The server did not answer at its own address either.")
    forwards = (seen.published, seen.forwarded)
    if seen.arrived != OPEN or any(each.failures or not each.requests_per_s for each in forwards):
        return Verdict(
            "refuted",
            f"Of {OPEN} connections to localhost {seen.arrived} arrived;"
            f" {seen.published.failures} requests failed by the published port,"
            f" {seen.forwarded.failures} by the forwarded one.",
        )
    proxy = (
        f" Docker's proxy is a process; it took {seen.proxy_us:.0f} us of CPU time for a request."
        if seen.proxy_us is not None
        else ""
    )
    return Verdict(
        "supported",
        f"All {OPEN} connections to localhost were in the server's socket table. Requests/s:"
        f" direct {_figures(seen.direct)};"
        f" forwarded by the kernel {_figures(seen.forwarded, seen.direct)};"
        f" published by Docker {_figures(seen.published, seen.direct)}.{proxy}"
        " These are three runs one after the other: only large differences count.",
    )


def _figures(way: Path, against: Path | None = None) -> str:
    told = f"{way.requests_per_s:,.0f} (p50 {(way.p50_us or 0) / 1000:.1f} ms)"
    if against is None:
        return told
    share = way.requests_per_s / against.requests_per_s
    told += f", {share:.0%} of direct" if share <= LARGE else ", not clearly less"
    return told if way.limit == "server" else f"{told} (the server was not the limit)"


def bars(seen: Evidence) -> Bars:
    return Bars(
        "Requests/s of epoll, a connection for each request, 20 users",
        "requests/s",
        (
            ("published by Docker", seen.published.requests_per_s),
            ("forwarded by the kernel", seen.forwarded.requests_per_s),
            ("direct", seen.direct.requests_per_s),
        ),
    )


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge, bars)
