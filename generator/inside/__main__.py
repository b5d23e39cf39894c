"""`python -m generator.inside`: measures the rows asked for; events on standard output (events.py).

Rounds are interleaved: every side of a row once, then every side again. Each measurement has a
fresh server on a port of its own, so that sockets in TIME_WAIT are not the next one's burden.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from generator.inside import engine, others
from generator.inside.events import Measured
from generator.inside.servers import running
from generator.inside.sides import ROWS, Row, Side
from speed.inside.clients import ClientError
from speed.inside.events import tell
from speed.inside.server import ServerError
from speed.inside.versions import programs

FIRST_PORT = 8000
TOLD = ("Python", "nginx", "ab", "wrk")


class Bench:
    def __init__(self, asked: argparse.Namespace) -> None:
        self._place: Path = asked.place
        self._server_cpu, self._client_cpu = int(asked.server_cpu), int(asked.client_cpu)
        self._seconds: int = asked.seconds
        self._port = FIRST_PORT

    def measure(self, row: Row, side: Side, number: int) -> Measured:
        """One side, once."""
        self._port += 1
        seconds, cpu = side.seconds or self._seconds, self._client_cpu
        try:
            with running(row.server, self._port, self._server_cpu, self._place) as server:
                if side.client == "engine":
                    values, faults = engine.ask(side, server, seconds, cpu, self._place)
                else:
                    values, faults = others.ask(side, server, seconds, cpu)
        except (ClientError, ServerError) as error:
            return Measured(row.name, side.name, number, faults=str(error))
        return Measured(row.name, side.name, number, values, faults)


def main() -> None:
    asked = _parse()
    bench = Bench(asked)
    tell("versions", versions=programs(TOLD))
    for row in ROWS:
        if row.name in asked.rows.split(","):
            for number in range(1, asked.pairs + 1):
                for side in row.sides:
                    if side.once and number > 1:
                        continue
                    tell("figure", **asdict(bench.measure(row, side, number)))
    tell("done")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="generator.inside", description="Measure in here.")
    parser.add_argument("--rows", default=",".join(row.name for row in ROWS))
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    cpus = sorted(os.sched_getaffinity(0))
    parser.add_argument("--server-cpu", default=cpus[-1])
    parser.add_argument("--client-cpu", default=cpus[0])
    parser.add_argument("--place", type=Path, default=Path("/speed"), help="a folder in memory")
    return parser.parse_args()


if __name__ == "__main__":
    main()
