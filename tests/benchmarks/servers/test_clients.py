"""The reports of ab and wrk, as they print them."""

from __future__ import annotations

import pytest

from benchmarks.inside.clients import ClientError, Figure, parse_ab, parse_wrk

AB = """\
Server Software:        zerohttpd/0.1
Document Length:        615 bytes

Concurrency Level:      10
Time taken for tests:   3.000 seconds
Complete requests:      45123
Failed requests:        {failed}
   (Connect: 0, Receive: 0, Length: {failed}, Exceptions: 0)
{more}Total transferred:      34564218 bytes
Requests per second:    15041.00 [#/sec] (mean)
Time per request:       0.665 [ms] (mean)
"""
WRK = """\
Running 3s test @ http://127.0.0.1:8001/615b.html
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   443.57us   61.12us   1.92ms   94.11%
  339262 requests in 3.00s, 278.25MB read
{more}Requests/sec: 113085.55
Transfer/sec:     92.75MB
"""


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        (AB.format(failed=0, more=""), Figure(15041.0)),
        (AB.format(failed=12, more=""), Figure(15041.0, "12 failed")),
        (AB.format(failed=0, more="Non-2xx responses:      9\n"), Figure(15041, "9 not 2xx")),
        (
            AB.format(failed=2, more="Write errors:           3\n"),
            Figure(15041, "2 failed, 3 write errors"),
        ),
    ],
)  # fmt: skip
def test_what_ab_says(text: str, figure: Figure) -> None:
    assert parse_ab(text) == figure


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ("", ""),
        ("  Socket errors: connect 0, read 7, write 0, timeout 0\n", "7 read errors"),
        ("  Non-2xx or 3xx responses: 1204\n", "1,204 not 2xx or 3xx"),
    ],
)  # fmt: skip
def test_what_wrk_says(more: str, faults: str) -> None:
    assert parse_wrk(WRK.format(more=more)) == Figure(113085.55, faults)


@pytest.mark.parametrize("parse", [parse_ab, parse_wrk])
def test_a_report_without_a_rate_is_an_error_that_quotes_it(parse: object) -> None:
    assert callable(parse)
    with pytest.raises(ClientError, match="Connection reset by peer"):
        parse("Benchmarking 127.0.0.1\napr_socket_recv: Connection reset by peer (104)\n")
