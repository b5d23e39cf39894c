"""The two load generators: how they are called, and what their output says.

`ab` makes a connection for each request, `wrk` keeps its connections. Both print for people; the
patterns below are what they have printed for a decade, and text that lacks the rate is an error,
never a zero.
"""

from __future__ import annotations

import re
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.inside.measured import MeasureError

AB_MOST = 500_000  # requests; the clock ends it long before
PATIENCE_S = 10.0  # beyond the time asked for


class ClientError(MeasureError):
    """A client gave up; the message is its last line."""


@dataclass(frozen=True)
class Figure:
    """One measurement. `faults` is empty where every request was answered well."""

    rate_per_s: float
    faults: str = ""


@dataclass(frozen=True)
class Report:
    """What a client printed, and the CPU that it took."""

    text: str
    user_s: float
    system_s: float


def ab(url: str, connections: int, seconds: int, *more: str) -> tuple[str, ...]:
    """Its command line."""
    return (
        *("ab", "-q", "-c", f"{connections}", "-n", f"{AB_MOST}"),
        *("-t", f"{seconds}", *more, url),
    )


def wrk(url: str, connections: int, seconds: int, *more: str) -> tuple[str, ...]:
    """Its command line."""
    return ("wrk", "-t", "1", "-c", f"{connections}", "-d", f"{seconds}s", *more, url)


def run(words: Sequence[str], duration_s: int, cpu: int) -> Report:
    """A client from start to end, on one CPU. Raises ClientError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(  # noqa: S603
            ["taskset", "-c", str(cpu), *words],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=duration_s + PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ClientError(f"{words[0]} did not end {PATIENCE_S:.0f} s after its time") from error
    if done.returncode != 0:
        raise ClientError(f"{words[0]}: {_last_line(done.stderr or done.stdout)}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    user_s, system_s = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return Report(done.stdout, user_s, system_s)


def parse_ab(text: str) -> Figure:
    """From ab's report. ClientError where it has no rate."""
    return Figure(
        _rate(r"^Requests per second:\s+([0-9.]+)", text),
        _faults(
            {
                "failed": _count(r"^Failed requests:\s+(\d+)", text),
                "not 2xx": _count(r"^Non-2xx responses:\s+(\d+)", text),
                "write errors": _count(r"^Write errors:\s+(\d+)", text),
            }
        ),
    )


def parse_wrk(text: str) -> Figure:
    """From wrk's report. ClientError where it has no rate."""
    counts = {"not 2xx or 3xx": _count(r"Non-2xx or 3xx responses: (\d+)", text)}
    for kind in ("connect", "read", "write", "timeout"):
        counts[f"{kind} errors"] = _count(rf"Socket errors: .*\b{kind} (\d+)", text)
    return Figure(_rate(r"^Requests/sec:\s+([0-9.]+)", text), _faults(counts))


PARSE = {"ab": parse_ab, "wrk": parse_wrk}


def _rate(pattern: str, text: str) -> float:
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        raise ClientError(f"no rate in the client's report: {_last_line(text)}")
    return float(found[1])


def _count(pattern: str, text: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    return int(found[1]) if found else 0


def _faults(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
