"""What the engine and the others tell, understood."""

from __future__ import annotations

import pytest

from benchmarks.inside.clients import ClientError
from benchmarks.loadgen.inside.engine import scenario
from benchmarks.loadgen.inside.others import parse_fast_http_user, parse_latencies
from benchmarks.loadgen.inside.sides import ROWS, Side
from benchmarks.loadgen.inside.used import Used
from loadgen.formats.scenario_reader import parse

WRK = """\
Running 3s test @ http://127.0.0.1:8001/
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   443.57us   61.12us   1.92ms   94.11%
    Req/Sec   113.90k     2.51k  116.31k    90.00%
  Latency Distribution
     50%  {p50}
     75%  460.00us
     90%  1.20ms
     99%    1.05s 
  339262 requests in 3.00s, 278.25MB read
Requests/sec: 113085.55
"""  # noqa: W291 - as wrk prints it


@pytest.mark.parametrize(
    ("p50", "us"),
    [("430.00us", 430.0), ("  4.13ms", 4_130.0), ("  1.05s", 1.05e6), ("2.00m", 12e7)],
)
def test_the_latencies_of_wrk_in_each_of_its_units(p50: str, us: float) -> None:
    found = parse_latencies(WRK.format(p50=p50))
    assert found == pytest.approx(
        {"response_p50_us": us, "response_p90_us": 1_200.0, "response_p99_us": 1.05e6}
    )


@pytest.mark.parametrize("text", ["", WRK.format(p50="nan"), WRK.format(p50="12 parsecs")])
def test_a_report_without_a_percentile_is_an_error(text: str) -> None:
    with pytest.raises(ClientError, match="no 50 %"):
        parse_latencies(text)


def test_what_fast_http_user_says() -> None:
    text = '{"rate_per_s": 9000.0, "client_user_us": 80.0, "failed": 0, "asked": 20000}'
    values, faults = parse_fast_http_user(text, Used(0.02, 0.1))
    assert values == pytest.approx(
        {"rate_per_s": 9000.0, "client_user_us": 80.0, "server_user_us": 1, "server_system_us": 5}
    )
    assert faults == ""
    assert parse_fast_http_user(text.replace('"failed": 0', '"failed": 3'), Used())[1] == "3 failed"


@pytest.mark.parametrize("text", ["", "Killed", "{}"])
def test_a_fast_http_user_that_says_nothing_is_an_error(text: str) -> None:
    with pytest.raises(ClientError, match="no figures"):
        parse_fast_http_user(text, Used())


SIDES = [side for row in ROWS for side in row.sides if side.client == "engine"]


@pytest.mark.parametrize("side", SIDES, ids=lambda side: f"{side.name}-{side.connections}")
def test_the_engine_is_told_a_valid_scenario(side: Side) -> None:
    found = parse(scenario(side, 3))
    assert found.users == (side.connections,)
    assert found.is_open == (side.rate_rps is not None)
    assert found.think_s == pytest.approx(side.think_ms / 1000)
