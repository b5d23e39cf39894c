"""`python -m speed.inside`: measures the rows asked for; events on standard output (events.py).

Rounds are interleaved: every side of a row once, then every side again. Each measurement has a
fresh server on a port of its own, which is proved to answer rightly, warmed up, and loaded; so
what one run leaves behind (sockets in TIME_WAIT, memory, threads) is not the next one's burden.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from speed.inside import places
from speed.inside.clients import ClientError, load
from speed.inside.crowd import CrowdError, standing
from speed.inside.events import Measured, tell
from speed.inside.rows import ROWS, Row, Side, chosen
from speed.inside.server import ServerError, running
from speed.inside.versions import packages, programs

FIRST_PORT = 8000
WARM_UP_S = 1


class Bench:
    """The place, the CPUs, the file."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.place: Path = asked.place
        self.server_cpu, self.client_cpu = int(asked.server_cpu), int(asked.client_cpu)
        self.seconds: int = asked.seconds
        self.body = places.furnish(asked.place, asked.site)
        self._port = FIRST_PORT

    def measure(self, row: Row, side: Side, number: int) -> Measured:
        """One side, once."""
        self._port += 1
        port, cpu = self._port, self.client_cpu
        try:
            with (
                running(side, port, self.server_cpu, self.place, self.body) as url,
                standing(port, side.idle, cpu, len(self.body)),
            ):
                load(row.client, url, WARM_UP_S, cpu)
                figure = load(row.client, url, self.seconds, cpu)
        except (ClientError, CrowdError, ServerError) as error:
            return Measured(row.name, side.name, number, None, str(error))
        return Measured(row.name, side.name, number, figure.rate_per_s, figure.faults)


def main() -> None:
    asked = _parse()
    bench = Bench(asked)
    tell("versions", versions=programs() | packages())
    for row in chosen(asked.rows):
        tell("row", row=row.name)
        for number in range(1, asked.pairs + 1):
            for side in (*row.ours, *row.theirs):
                tell("figure", **asdict(bench.measure(row, side, number)))
    tell("done")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="speed.inside", description="Measure in here.")
    parser.add_argument("--rows", default="", help=", ".join(row.name for row in ROWS))
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    cpus = sorted(os.sched_getaffinity(0))
    parser.add_argument("--server-cpu", default=cpus[-1])
    parser.add_argument("--client-cpu", default=cpus[0])
    parser.add_argument("--place", type=Path, default=Path("/speed"), help="a folder in memory")
    parser.add_argument("--site", type=Path, default=Path("servers/site"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
