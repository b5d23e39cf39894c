"""The rows that are measured in the container: who asks whom, how.

Each row is a few sides, measured in turn, round by round. A side is a client and what it is told;
all sides of a row ask the same kind of server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Server = Literal["nginx", "stalling", "unhurried"]
Client = Literal["engine", "wrk", "ab", "fast-http-user"]

CONNECTIONS = 50
RATE_RPS, RATE_CONNECTIONS = 10_000, 100
STALLED_RPS, STALLED_CONNECTIONS = 1_000, 100
CLOSED_USERS, CLOSED_THINK_MS = 10, 10  # just as many a second
UNHURRIED_CONNECTIONS = 10
WARM_UP_S = 1
STALLED_S = 20  # two cycles of the stalling server: it meets every instant of a cycle alike


@dataclass(frozen=True)
class Side:
    name: str
    client: Client
    connections: int = CONNECTIONS
    keep_alive: bool = True
    rate_rps: float | None = None  # None: a closed loop
    think_ms: int = 0
    seconds: int | None = None  # None: as long as was asked for
    once: bool = False  # shown beside the others, compared with nothing: the first round is enough


@dataclass(frozen=True)
class Row:
    name: str
    server: Server
    sides: tuple[Side, ...]


OPEN = Side("open", "engine", STALLED_CONNECTIONS, rate_rps=STALLED_RPS, seconds=STALLED_S)
CLOSED = Side(
    "closed", "engine", CLOSED_USERS, think_ms=CLOSED_THINK_MS, seconds=STALLED_S, once=True
)
ROWS = (
    Row(
        "keep-alive",
        "nginx",
        (Side("engine", "engine"), Side("wrk", "wrk"), Side("FastHttpUser", "fast-http-user")),
    ),
    Row(
        "fresh",
        "nginx",
        (
            Side("engine", "engine", keep_alive=False),
            Side("wrk", "wrk", keep_alive=False),
            Side("ab", "ab", keep_alive=False),
        ),
    ),
    Row("rate", "nginx", (Side("engine", "engine", RATE_CONNECTIONS, rate_rps=RATE_RPS),)),
    Row("stall", "stalling", (OPEN, CLOSED)),
    Row(
        "percentiles",
        "unhurried",
        (
            Side("engine", "engine", UNHURRIED_CONNECTIONS),
            Side("wrk", "wrk", UNHURRIED_CONNECTIONS),
        ),
    ),
)
