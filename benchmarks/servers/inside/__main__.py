"""`python -m benchmarks.servers.inside`: measures rows of servers against servers."""

from __future__ import annotations

from functools import partial

from benchmarks.inside import clients, rounds, versions
from benchmarks.inside.measured import RATE
from benchmarks.inside.rounds import Conditions, Found, Turn
from benchmarks.servers.inside import commands, places
from benchmarks.servers.inside.crowd import standing
from benchmarks.servers.inside.rows import CONCURRENCY, CONNECTIONS, ROWS, Client, Side
from benchmarks.servers.inside.server import running

WARM_UP_S = 1
SILENCE_S = 3  # after which ab takes a connection for lost


def measure(client: Client, side: Side, at: Conditions) -> Found:
    """One side, once: warmed up, then loaded."""
    body = places.furnish(at.place)
    with running(side, at, body) as url, standing(at.port, side.idle, at.client_cpu, len(body)):
        load(client, url, WARM_UP_S, at.client_cpu)
        figure = load(client, url, at.seconds, at.client_cpu)
    return {RATE: figure.rate_per_s}, figure.faults


def load(client: Client, url: str, seconds: int, cpu: int) -> clients.Figure:
    """From one CPU. Raises ClientError."""
    if client == "ab":
        words = clients.ab(url, CONCURRENCY, seconds, "-s", f"{SILENCE_S}")
    else:
        words = clients.wrk(url, CONNECTIONS, seconds)
    return clients.PARSE[client](clients.run(words, seconds, cpu).text)


if __name__ == "__main__":
    rounds.run(
        [
            Turn(row.name, side.name, partial(measure, row.client, side))
            for row in ROWS
            for side in (*row.ours, *row.theirs)
        ],
        versions.programs() | versions.packages(f"{commands.FOREIGN}/python", commands.PACKAGES),
    )
