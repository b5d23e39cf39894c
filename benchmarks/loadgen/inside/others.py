"""What the engine is held against: wrk, ab and FastHttpUser, called and understood."""

from __future__ import annotations

import json
import re
import sys

from benchmarks.inside import clients
from benchmarks.inside.clients import ClientError, Report, run
from benchmarks.inside.measured import RATE
from benchmarks.inside.rounds import Found
from benchmarks.loadgen.inside.servers import Running
from benchmarks.loadgen.inside.sides import WARM_UP_S, Side
from benchmarks.loadgen.inside.used import Used, by_group

UNITS_US = {"us": 1.0, "ms": 1e3, "s": 1e6, "m": 60e6}
PERCENTS = (50, 90, 99)  # that wrk prints, and we use
FAST_HTTP_USER = (sys.executable, "-E", "-s", "-m", "benchmarks.loadgen.inside.fast_http_user")


def ask(side: Side, server: Running, seconds: int, cpu: int) -> Found:
    """Values by name, and what went wrong. Raises ClientError."""
    if side.client != "fast-http-user":  # it warms up by itself
        run(_words(side, server.url, WARM_UP_S), WARM_UP_S, cpu)
    before = by_group(server.group)
    report = run(_words(side, server.url, seconds), WARM_UP_S + seconds, cpu)
    served = by_group(server.group) - before
    if side.client == "fast-http-user":
        return parse_fast_http_user(report.text, served)
    figure = clients.PARSE[side.client](report.text)
    values = {RATE: figure.rate_per_s, **_costs(report, served, figure.rate_per_s, seconds)}
    if side.client == "wrk":
        values |= parse_latencies(report.text)
    return values, figure.faults


def _words(side: Side, url: str, seconds: int) -> tuple[str, ...]:
    if side.client == "fast-http-user":
        return (*FAST_HTTP_USER, url, f"{side.connections}", f"{WARM_UP_S}", f"{seconds}")
    if side.client == "ab":
        assert not side.keep_alive
        return clients.ab(url, side.connections, seconds)
    close = () if side.keep_alive else ("-H", "Connection: close")
    return clients.wrk(url, side.connections, seconds, "--latency", *close)


def _costs(report: Report, served: Used, rate_per_s: float, seconds: int) -> dict[str, float]:
    made = rate_per_s * seconds
    asked = Used(report.user_s, report.system_s)
    return {**asked.per_request("client", made), **served.per_request("server", made)}


def parse_latencies(text: str) -> dict[str, float]:
    """wrk's `--latency`: `     99%    1.05ms`. ClientError where there are none."""
    found = {}
    for percent in PERCENTS:
        line = re.search(rf"^\s+{percent}%\s+([0-9.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
        if not line:
            raise ClientError(f"wrk: no {percent} % in its latencies")
        found[f"response_p{percent}_us"] = float(line[1]) * UNITS_US[line[2]]
    return found


def parse_fast_http_user(text: str, served: Used) -> Found:
    """The object that fast_http_user.py prints; `served`: in the whole life of the client."""
    try:
        found: dict[str, float] = json.loads(text)
        failed, asked = found.pop("failed"), found.pop("asked")
    except (ValueError, KeyError) as error:
        raise ClientError(f"FastHttpUser: no figures in what it printed: {text!r}") from error
    return {**found, **served.per_request("server", asked)}, f"{failed} failed" if failed else ""
