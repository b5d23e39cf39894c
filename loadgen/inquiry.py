"""Asking once, before the load: is the server up, and are its answers right?

Every question goes over a connection of its own, which we close: so probes can be counted and taken
off the server's account, and nothing lingers into the measurement.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gevent

from loadgen.deadlines import Deadlines
from loadgen.response import ResponseError, ResponseParser
from loadgen.wire import Address, LateError, Wire, clock

PROBE_EVERY_S = 0.05
CONNECT_WITHIN_S = (
    0.25  # a guest that is not up yet may drop the SYN, and the kernel repeats it late
)

HEALTH = b"GET /health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"


class InquiryError(Exception):
    """The server did not come up, or does not answer as the scenario expects."""


@dataclass
class Answer:
    status: int
    body: bytes


@dataclass
class Inquirer:
    """Asks; `connected` counts the connections that were made and answered."""

    address: Address
    timeout_s: float
    connected: int = 0
    _deadlines: Deadlines = field(init=False)

    def __post_init__(self) -> None:
        self._deadlines = Deadlines(min(self.timeout_s, 1.0))

    def ask(self, request: bytes, method: str, *, connect_within_s: float | None = None) -> Answer:
        """Raises OSError, LateError or ResponseError where no whole answer came."""
        wire = Wire(self.address)
        parser = ResponseParser(method, keep_body=True)
        self._deadlines.watch(wire)
        try:
            wire.deadline_s = clock() + (connect_within_s or self.timeout_s)
            wire.connect()
            wire.confirm()
            self.connected += 1
            wire.deadline_s = clock() + self.timeout_s
            wire.send(request)
            while data := wire.receive():
                if parser.receive_data(data):
                    return Answer(parser.status, bytes(parser.body or b""))
            if parser.receive_end():
                return Answer(parser.status, bytes(parser.body or b""))
            raise ResponseError("the connection ended in mid-answer")
        finally:
            self._deadlines.forget(wire)
            wire.close()

    def stop(self) -> None:
        self._deadlines.stop()


def await_health(address: Address, host: str, within_s: float) -> int:
    """Asks until /health says 200; how often it was answered. A probe that found nobody is none."""
    inquirer = Inquirer(address, timeout_s=within_s)
    until_s = clock() + within_s
    probes = 0
    last = "nobody was asked"
    try:
        while clock() < until_s:
            try:
                answer = inquirer.ask(
                    HEALTH % host.encode(), "GET", connect_within_s=CONNECT_WITHIN_S
                )
            except (OSError, LateError, ResponseError) as error:
                last = getattr(error, "strerror", None) or str(error)
            else:
                probes += 1
                if answer.status == 200:
                    return probes
                last = f"it answered {answer.status}"
            gevent.sleep(PROBE_EVERY_S)
    finally:
        inquirer.stop()
    what = f"the server at {host} was not ready within {within_s:g} s ({last})"
    raise InquiryError(f"{what}; see its log in server.log")
