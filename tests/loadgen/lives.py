"""Users of the engine let loose on a server, for tests: what a worker does, without Locust."""

from __future__ import annotations

import gc
from collections.abc import Sequence

import gevent

from loadgen.engine.clock import clock
from loadgen.engine.load import Part
from loadgen.engine.mix import UNKNOWN
from loadgen.engine.report import WorkerReport
from loadgen.engine.user_pool import UserPool
from loadgen.formats.scenario import Scenario
from loadgen.formats.scenario_reader import parse


def scenario(requests: str, connection: str, timeout: str, more: str = "") -> Scenario:
    text = f"about: x\nconnection: {connection}\ntimeout: {timeout}\nrequests: {requests}\n{more}"
    return parse(text)


def pool(
    address: tuple[str, int], asked: Scenario, users: int = 4, rate_rps: float | None = None
) -> UserPool:
    """Ramped, and waiting for fire."""
    made = UserPool(address, "test", asked, Part(users, "seed", rate_rps=rate_rps))
    for _ in range(users):
        made.add_user()
    while made.established + made.unconnected < users:
        gevent.sleep(0.005)
    return made


def load(
    address: tuple[str, int],
    requests: str = "[{get: /ok}]",
    *,
    connection: str = "close",
    timeout: str = "2s",
    users: int = 4,
    rate_rps: float | None = None,
    window_s: float = 0.3,
    warmup_s: float = 0.05,
    lengths: Sequence[int] = (UNKNOWN,),
    more: str = "",
) -> WorkerReport:
    """A whole trial of one worker; whatever is still in flight after it is a bug."""
    made = pool(address, scenario(requests, connection, timeout, more), users, rate_rps)
    with gevent.Timeout(20):
        gc.collect()  # of all that pytest holds: 0.1 s that the ramp must not pay for
        gc.freeze()
        fire_at_s = clock() + 0.05
        opens_at_s = fire_at_s + warmup_s
        made.perform(lengths, [users], fire_at_s, opens_at_s, opens_at_s + window_s)
    assert made.idle
    return made.report("worker-0")
