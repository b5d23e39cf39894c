"""Asking once, before the load: is the server up, and are its answers right?

Every question goes over a connection of its own, which we close: so probes can be counted and taken
off the server's account, and nothing lingers into the measurement.
"""

from __future__ import annotations

from dataclasses import dataclass

import gevent
from gevent import socket

from loadgen.engine.clock import clock
from loadgen.engine.link import CHUNK_BYTES, Address
from loadgen.engine.response import ResponseError, ResponseParser

PROBE_EVERY_S = 0.05
CONNECT_WITHIN_S = (
    0.25  # a guest that is not up yet may drop the SYN, and the kernel repeats it late
)

HEALTH = b"GET /health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"


class ProbeError(Exception):
    """The server did not come up, or its answers cannot be had or are not the expected ones."""


@dataclass
class Answer:
    status: int
    body: bytes


@dataclass
class Prober:
    """Asks; `connected` counts the connections that were made."""

    address: Address
    timeout_s: float
    connected: int = 0

    def ask(self, request: bytes, *, connect_within_s: float | None = None) -> Answer:
        """Raises OSError (TimeoutError among them) or ResponseError where no whole answer came."""
        parser = ResponseParser(keep_body=True)
        within_s = connect_within_s or self.timeout_s
        with socket.create_connection(self.address, timeout=within_s) as sock:
            self.connected += 1
            until_s = clock() + self.timeout_s
            sock.settimeout(self.timeout_s)
            sock.sendall(request)
            whole = False
            while not whole:
                sock.settimeout(max(until_s - clock(), 0.001))
                data = sock.recv(CHUNK_BYTES)
                whole = parser.receive_data(data) if data else parser.receive_end()
                if not data and not whole:
                    raise ResponseError("the connection ended in mid-answer")
        return Answer(parser.status, bytes(parser.body or b""))


def in_words(error: Exception) -> str:
    """What went wrong with a question."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return getattr(error, "strerror", None) or str(error)


def await_health(address: Address, host: str, within_s: float) -> int:
    """Asks until /health says 200; how often it was answered. A probe that found nobody is none."""
    prober = Prober(address, timeout_s=within_s)
    until_s = clock() + within_s
    probes = 0
    last = "nobody was asked"
    while clock() < until_s:
        try:
            answer = prober.ask(HEALTH % host.encode(), connect_within_s=CONNECT_WITHIN_S)
        except (OSError, ResponseError) as error:
            last = in_words(error)
        else:
            probes += 1
            if answer.status == 200:
                return probes
            last = f"it answered {answer.status}"
        gevent.sleep(PROBE_EVERY_S)
    what = f"the server at {host} was not ready within {within_s:g} s ({last})"
    raise ProbeError(f"{what}; see its log in server.log")
