"""Measures the rows that the host asks for, and tells what it finds (measured.py).

Rounds are interleaved: every side of a row once, then every side again. Each measurement has a
fresh server on a port of its own; so what one run leaves behind (sockets in TIME_WAIT, memory,
threads) is not the next one's burden.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from benchmarks.inside.measured import Measured, MeasureError, tell

FIRST_PORT = 8001


@dataclass(frozen=True)
class Conditions:
    """Of one measurement. `place` is a folder in memory."""

    place: Path
    port: int
    server_cpu: int
    client_cpu: int
    seconds: int


Found = tuple[dict[str, float], str]  # values by name, and what went wrong


@dataclass(frozen=True)
class Turn:
    """One side of a row. `measure` may raise MeasureError; `once`: in the first round alone."""

    row: str
    side: str
    measure: Callable[[Conditions], Found]
    once: bool = False


def run(turns: Sequence[Turn], versions: Mapping[str, str]) -> None:
    """What the command line asks for of the turns, in their order."""
    asked = _parse()
    wanted = asked.rows.split(",")
    ports = count(FIRST_PORT)
    tell("versions", versions=versions)
    for row in dict.fromkeys(turn.row for turn in turns if turn.row in wanted):
        for number in range(1, asked.pairs + 1):
            for turn in turns:
                if turn.row == row and (number == 1 or not turn.once):
                    at = Conditions(
                        asked.place, next(ports), asked.server_cpu, asked.client_cpu, asked.seconds
                    )
                    tell("figure", **asdict(_measured(turn, number, at)))
    tell("done")


def _measured(turn: Turn, number: int, at: Conditions) -> Measured:
    try:
        values, faults = turn.measure(at)
    except MeasureError as error:
        return Measured(turn.row, turn.side, number, faults=str(error))
    return Measured(turn.row, turn.side, number, values, faults)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure in here.")
    parser.add_argument("--rows", required=True)
    parser.add_argument("--place", type=Path, required=True)
    for name in ("pairs", "seconds", "server-cpu", "client-cpu"):
        parser.add_argument(f"--{name}", type=int, required=True)
    return parser.parse_args()
