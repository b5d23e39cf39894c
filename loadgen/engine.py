"""The pieces of one worker's load: requests, counts, and a loop that says what comes next.

Who puts users in and says when they begin: `crew` in a trial, `watched` where people look on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loadgen.arrivals import instants
from loadgen.closed_loop import ClosedLoop
from loadgen.connection import Connection
from loadgen.errand import Errand
from loadgen.link import Address
from loadgen.mix import Ask, Mix, asks
from loadgen.open_loop import OpenLoop
from loadgen.scenario import Scenario
from loadgen.tally import Tally


@dataclass(frozen=True)
class Part:
    """This worker's part of the load."""

    users: int  # of all workers together, as the ramp's patience hangs on them
    seed: str
    worker: int = 0  # from 0, of ...
    workers: int = 1
    rate_rps: float | None = None  # of all workers together; None: a closed loop

    @classmethod
    def of(cls, errand: Errand, worker: int) -> Part:
        return cls(
            users=errand.users,
            seed=str(errand.seed),
            worker=worker,
            workers=errand.workers,
            rate_rps=errand.rate_rps,
        )


@dataclass(frozen=True)
class Engine:
    asks: list[Ask]
    tally: Tally
    loop: ClosedLoop | OpenLoop
    keep_alive: bool
    seed: str

    def user(self, address: Address, number: int) -> Connection:
        """The worker's n-th: the same number asks the same, in the same order."""
        mix = Mix(self.asks, f"{self.seed}:{number}")
        return Connection(address, self.tally, self.loop, mix, keep_alive=self.keep_alive)

    def hold_to(self, lengths: Sequence[int]) -> None:
        """`lengths`: the right body of each request."""
        for ask, length in zip(self.asks, lengths, strict=True):
            ask.length = length


def engine(host: str, scenario: Scenario, part: Part) -> Engine:
    """Raises OSError where the process has no descriptor left."""
    keep_alive = scenario.connection == "keep-alive"
    seed = f"{part.seed}:{part.worker}"
    requests = asks(scenario.requests, host, close=not keep_alive)
    tally = Tally(requests, is_open=part.rate_rps is not None, keep_alive=keep_alive)
    if part.rate_rps is None:
        return Engine(requests, tally, ClosedLoop(scenario.think_s), keep_alive, seed)
    stream = instants(
        scenario.arrivals, part.rate_rps, worker=part.worker, workers=part.workers, seed=seed
    )
    loop = OpenLoop(tally, Mix(requests, seed), stream, part.rate_rps / part.workers)
    return Engine(requests, tally, loop, keep_alive, seed)
