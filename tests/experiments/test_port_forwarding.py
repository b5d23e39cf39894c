"""The verdict on port forwarding follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.port_forwarding import Evidence, Path, judge

DIRECT = Path(requests_per_s=7000.0, p50_us=2800, cpu_us=130.0, failures=0, limit="server")
SEEN = Evidence(
    arrived=3,
    without_server="ECONNREFUSED",
    proxy_us=180.0,
    published=replace(DIRECT, requests_per_s=3500.0),
    forwarded=replace(DIRECT, requests_per_s=6500.0),
    direct=DIRECT,
)
DEAD = replace(DIRECT, requests_per_s=0.0, p50_us=None, cpu_us=None)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, proxy_us=None), "supported"),
        (replace(SEEN, published=DEAD), "refuted"),
        (replace(SEEN, forwarded=replace(DIRECT, failures=7)), "refuted"),
        (replace(SEEN, arrived=0), "refuted"),
        (replace(SEEN, without_server="connected"), "inconclusive"),  # somebody else answers
        (replace(SEEN, direct=DEAD), "inconclusive"),
        (replace(SEEN, direct=replace(DIRECT, failures=7)), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome


def test_a_small_difference_between_runs_is_none() -> None:
    sentence = judge(SEEN).sentence
    assert "published by Docker 3,500 (p50 2.8 ms), 50% of direct." in sentence
    assert "forwarded by the kernel 6,500 (p50 2.8 ms), not clearly less;" in sentence


def test_a_figure_of_the_load_is_told_as_one() -> None:
    loaded = replace(SEEN.published, limit="generator")
    sentence = judge(replace(SEEN, published=loaded)).sentence
    assert "50% of direct (the server was not the limit)." in sentence
