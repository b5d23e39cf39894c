"""`python -m benchmarks.loadgen.inside`: measures rows of the load engine against others."""

from __future__ import annotations

from functools import partial

from benchmarks.inside import rounds, versions
from benchmarks.inside.rounds import Conditions, Found, Turn
from benchmarks.loadgen.inside import engine, others
from benchmarks.loadgen.inside.servers import running
from benchmarks.loadgen.inside.sides import ROWS, Server, Side

PROGRAMS = ("Python", "nginx", "ab", "wrk")


def measure(server: Server, side: Side, at: Conditions) -> Found:
    """One side, once."""
    seconds = side.seconds or at.seconds
    with running(server, at) as asked:
        if side.client == "engine":
            return engine.ask(side, asked, seconds, at.client_cpu, at.place)
        return others.ask(side, asked, seconds, at.client_cpu)


if __name__ == "__main__":
    rounds.run(
        [
            Turn(row.name, side.name, partial(measure, row.server, side), side.once)
            for row in ROWS
            for side in row.sides
        ],
        versions.programs(PROGRAMS),
    )
