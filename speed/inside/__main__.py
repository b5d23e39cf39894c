"""`python -m speed.inside`: measures the rows asked for; events on standard output (events.py).

Rounds are interleaved: every side of a row once, then every side again. Each measurement has a
fresh server on a port of its own, which is proved to answer rightly, warmed up, and loaded; so
what one run leaves behind (sockets in TIME_WAIT, memory, threads) is not the next one's burden.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from speed.inside import places
from speed.inside.clients import ClientError, load
from speed.inside.crowd import CrowdError, standing
from speed.inside.events import Measured, tell
from speed.inside.rows import ROWS, Row, Side, chosen
from speed.inside.server import ServerError, answer, running
from speed.inside.versions import packages, programs

FIRST_PORT = 8000
WARM_UP_S = 1
REDIS = ("redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
MODEL = Side("epoll", "lab", ("epoll",))  # whose head the foreign applications equal


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
                if row.floor is not None:
                    load(row.client, url, WARM_UP_S, cpu)
                figure = load(row.client, url, self.seconds, cpu)
        except (ClientError, CrowdError, ServerError) as error:
            return Measured(row.name, side.name, number, None, str(error))
        return Measured(row.name, side.name, number, figure.rate_per_s, figure.faults)

    def equal_heads(self) -> None:
        """Have the foreign applications answer with the fields that our servers answer with."""
        self._port += 1
        with running(MODEL, self._port, self.server_cpu, self.place, self.body):
            places.keep_head(self.place, answer(self._port)[1])


def main() -> None:
    asked = _parse()
    bench = Bench(asked)
    bench.equal_heads()
    tell("versions", versions=programs() | packages())
    with _redis(bench):
        for row in chosen(asked.rows):
            why = _lacks(row, asked.originals, bench.place)
            if why:
                tell("skipped", row=row.name, why=why)
                continue
            tell("row", row=row.name)
            for number in range(1, asked.pairs + 1):
                for side in (*row.ours, *row.theirs):
                    tell("figure", **asdict(bench.measure(row, side, number)))
    tell("done")


def _lacks(row: Row, originals: Path | None, place: Path) -> str:
    """Why a row cannot be measured, or nothing."""
    if not row.needs_originals:
        return ""
    if originals is None:
        return "no C originals: name a checkout with ZEROHTTPD="
    [side] = row.theirs
    failure = places.build(originals, place, side.words[0])
    return f"the original does not build: {failure}" if failure else ""


@contextmanager
def _redis(bench: Bench) -> Iterator[None]:
    """The originals connect to one whatever is asked of them. It runs beside the client."""
    words = ["taskset", "-c", str(bench.client_cpu), *REDIS, "--dir", str(bench.place)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as redis:  # noqa: S603
        try:
            yield
        finally:
            redis.kill()


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
    parser.add_argument("--originals", type=Path, help="a checkout of the C originals")
    return parser.parse_args()


if __name__ == "__main__":
    main()
