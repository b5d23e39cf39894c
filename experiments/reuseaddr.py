"""A server is restarted at once: may it bind to its port again?

The side that closes a TCP connection first keeps it for a minute more, in TIME_WAIT. Here the
server closes first (keepalive off), so its port stays in the kernel's table after its process has
ended. Then a second server comes, in the same network namespace, and calls bind(2).

SO_REUSEADDR is an option of a socket. The connections of the first server inherited it from its
listener, and keep it in TIME_WAIT. So there are two knobs: the option of the server that ended, and
that of the server that comes.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.claims import Claim, Experiment, Guest, Laboratory, Network, Verdict

CLIENTS = 10
PORT = 8000
REQUEST = b"GET /615b.html HTTP/1.1\r\nHost: lab\r\n\r\n"
IN_USE = "Address already in use"  # strerror(EADDRINUSE)

CLAIM = Claim(
    id="reuseaddr",
    quote=(
        "setsocketop to reuse address : else prevents quick restarts, as the port will still be in"
        " a bind() state. It goes into TIME_WAIT state \N{NO-BREAK SPACE}checked using netstat"
    ),
    if_true="With connections in TIME_WAIT bind() gives EADDRINUSE without SO_REUSEADDR, and"
    " succeeds with it.",
    if_false="bind() does the same with and without.",
    control="Without the option and without a client before: no TIME_WAIT, and bind() succeeds.",
    knob="reuseaddr of the server that ended, and of the one that comes",
)


@dataclass(frozen=True)
class Restart:
    """`time_wait`: sockets of the port in that state as the second server came. `listens`: the
    kernel lists a listener at the port then. `said`: the second server's log."""

    time_wait: int
    listens: bool
    exit_code: int | None
    said: str


@dataclass(frozen=True)
class Evidence:
    """Named by the option of the first server, then that of the second. `quiet`: off and off,
    but nobody had asked the first one."""

    quiet: Restart
    off_off: Restart
    off_on: Restart
    on_off: Restart
    on_on: Restart


def gather(lab: Laboratory) -> Evidence:
    return Evidence(
        quiet=_restart(lab, "off", "off", clients=0),
        off_off=_restart(lab, "off", "off"),
        off_on=_restart(lab, "off", "on"),
        on_off=_restart(lab, "on", "off"),
        on_on=_restart(lab, "on", "on"),
    )


def _restart(lab: Laboratory, first: str, second: str, clients: int = CLIENTS) -> Restart:
    with lab.network() as network:
        with network.serve(reuseaddr=first, keepalive="off") as guest:
            for _ in range(clients):
                _ask_until_closed(guest)
            guest.signal("SIGTERM")
            guest.exit_code()
        with network.serve(reuseaddr=second, keepalive="off") as guest:
            listens = _count(network, "LISTEN") > 0
            code = None if listens else guest.exit_code()
            return Restart(_count(network, "TIME_WAIT"), listens, code, guest.log().strip())


def _ask_until_closed(guest: Guest) -> None:
    """The server closes first: this client waits for the end of the stream."""
    with guest.connect() as client:
        client.sendall(REQUEST)
        while client.recv(65536):
            pass


def _count(network: Network, state: str) -> int:
    return sum(each.local_port == PORT and each.state == state for each in network.sockets())


def judge(seen: Evidence) -> Verdict:
    if doubt := _doubt(seen):
        return Verdict("inconclusive", doubt)
    if seen.off_off.listens:
        return Verdict(
            "refuted", f"Without SO_REUSEADDR it restarted over {CLIENTS} sockets in TIME_WAIT."
        )
    if not seen.on_on.listens:
        return Verdict("refuted", f"With SO_REUSEADDR bind() failed too: {IN_USE}.")
    found = (
        f"Without SO_REUSEADDR bind() failed while {CLIENTS} sockets were in TIME_WAIT ({IN_USE})."
        " Without any in TIME_WAIT it succeeded."
    )
    if seen.off_on.listens:
        return Verdict("supported", f"{found} With the option it succeeded over them.")
    return Verdict(
        "refined",
        f"{found} With the option it succeeds only if the server that ended had set it too:"
        " Linux asks both sockets. If only the new server sets it, bind() fails. (The call is"
        " setsockopt(). The state is TIME_WAIT alone: there is no bind() state.)",
    )


def _doubt(seen: Evidence) -> str:
    """Why the probe may not be believed."""
    lingering = (seen.off_off, seen.off_on, seen.on_off, seen.on_on)
    if any(each.time_wait < CLIENTS for each in lingering) or seen.quiet.time_wait:
        return "TIME_WAIT was missing where it had to be, or there where it should not."
    if not seen.quiet.listens:
        return "The restart failed without any TIME_WAIT as well."
    if any(not each.listens and IN_USE not in each.said for each in lingering):
        return "A server ended for another reason than its port."
    return ""


EXPERIMENT = Experiment(CLAIM, Evidence, gather, judge)
