"""Users of the engine let loose on a server, for tests: what a worker does, without Locust."""

from __future__ import annotations

import gc
from collections.abc import Sequence

import gevent

from loadgen.crew import Crew
from loadgen.evidence import Evidence
from loadgen.mix import UNKNOWN
from loadgen.report import WorkerReport
from loadgen.scenario import Scenario, parse
from loadgen.wire import clock


def scenario(requests: str, connection: str, timeout: str) -> Scenario:
    text = f"about: x\nconnection: {connection}\ntimeout: {timeout}\nrequests: {requests}\n"
    return parse(text)


def crew(
    address: tuple[str, int], asked: Scenario, users: int = 4
) -> tuple[Crew, Sequence[gevent.Greenlet[[], None]]]:
    """Ramped, and waiting for fire."""
    made = Crew(address, "test", asked, users, "seed")

    def live() -> None:
        visitor = made.enlist()
        if visitor is not None:
            made.live(visitor)

    lives = [gevent.spawn(live) for _ in range(users)]
    while made.established + made.unconnected < users:
        gevent.sleep(0.005)
    return made, lives


def load(
    address: tuple[str, int],
    requests: str = "[{get: /ok}]",
    *,
    connection: str = "close",
    timeout: str = "2s",
    users: int = 4,
    window_s: float = 0.3,
    warmup_s: float = 0.05,
    lengths: Sequence[int] = (UNKNOWN,),
) -> WorkerReport:
    """A whole trial of one worker; whoever is still alive after it is a bug."""
    made, lives = crew(address, scenario(requests, connection, timeout), users)
    evidence: Evidence
    with gevent.Timeout(20):
        gc.collect()  # of all that pytest holds: 0.1 s that the ramp must not pay for
        gc.freeze()
        fire_at_s = clock() + 0.05
        opens_at_s = fire_at_s + warmup_s
        evidence = made.perform(lengths, fire_at_s, opens_at_s, opens_at_s + window_s)
        gevent.joinall(lives, timeout=1)
    assert all(life.ready() for life in lives)
    return made.report("worker-0", evidence)
