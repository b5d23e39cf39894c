"""The pieces of one worker's load: requests, counts, and a loop that says what comes next.

Who puts users in and says when they begin: `pool` in a trial, `watched` where people look on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loadgen.engine.arrivals import Process, instants, shares
from loadgen.engine.closed_loop import ClosedLoop
from loadgen.engine.connection import Connection
from loadgen.engine.link import Address
from loadgen.engine.mix import Ask, Mix, asks
from loadgen.engine.open_loop import OpenLoop
from loadgen.engine.tally import Tally
from loadgen.engine.trial_config import TrialConfig
from loadgen.formats.scenario import Scenario


@dataclass(frozen=True)
class Part:
    """This worker's part of the load."""

    users: int  # of all workers together, as the ramp's patience hangs on them
    seed: str
    worker: int = 0  # this one's number, from 0
    rate_rps: float | None = None  # of all workers together; None: a closed loop

    @classmethod
    def of(cls, config: TrialConfig, worker: int) -> Part:
        return cls(
            users=config.users,
            seed=str(config.seed),
            worker=worker,
            rate_rps=config.rate_rps,
        )


@dataclass(frozen=True)
class Engine:
    asks: list[Ask]
    tally: Tally
    loop: ClosedLoop | OpenLoop
    keep_alive: bool
    process: Process
    part: Part

    @property
    def seed(self) -> str:
        return f"{self.part.seed}:{self.part.worker}"

    def user(self, address: Address, number: int) -> Connection:
        """The worker's n-th: the same number asks the same, in the same order."""
        mix = Mix(self.asks, f"{self.seed}:{number}")
        return Connection(address, self.tally, self.loop, mix, keep_alive=self.keep_alive)

    def hold_to(self, lengths: Sequence[int]) -> None:
        """`lengths`: the right body of each request."""
        for ask, length in zip(self.asks, lengths, strict=True):
            ask.length = length

    def deal(self, connections: Sequence[int]) -> None:
        """How many each worker has, this one among them: arrivals are dealt out by them."""
        rate_rps = self.part.rate_rps
        if isinstance(self.loop, OpenLoop) and rate_rps is not None:
            share = shares(connections)[self.part.worker]
            stream = instants(self.process, rate_rps, share, self.seed)
            self.loop.offer(stream, rate_rps * float(share.fraction))


def engine(host: str, scenario: Scenario, part: Part) -> Engine:
    """Raises OSError where the process has no descriptor left."""
    keep_alive = scenario.connection == "keep-alive"
    requests = asks(scenario.requests, host, close=not keep_alive)
    tally = Tally(requests, is_open=part.rate_rps is not None, keep_alive=keep_alive)
    loop: ClosedLoop | OpenLoop
    if part.rate_rps is None:
        loop = ClosedLoop(scenario.think_s)
    else:
        loop = OpenLoop(tally, Mix(requests, f"{part.seed}:{part.worker}"))
    return Engine(requests, tally, loop, keep_alive, scenario.arrivals, part)
