"""The verdict on INADDR_ANY follows from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.inaddr_any import CLOSED, Bound, Evidence, judge

ANY = Bound(listens_at=("0.0.0.0",), inside="200", bridge="200", published="200")
ONE = Bound(listens_at=("127.0.0.1",), inside="200", bridge="ECONNREFUSED", published=CLOSED)
SEEN = Evidence(any=ANY, loopback=ONE)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (SEEN, "supported"),
        (replace(SEEN, any=replace(ANY, bridge="ECONNREFUSED")), "refuted"),
        (replace(SEEN, any=replace(ANY, inside="ECONNREFUSED")), "refuted"),
        (replace(SEEN, loopback=ANY), "inconclusive"),  # the knob had no effect
        (replace(SEEN, any=ONE), "inconclusive"),
        (replace(SEEN, any=replace(ANY, listens_at=())), "inconclusive"),  # another process
        (replace(SEEN, loopback=replace(ONE, inside="ECONNREFUSED")), "inconclusive"),  # it is down
        (replace(SEEN, loopback=replace(ONE, bridge="ETIMEDOUT")), "inconclusive"),  # a firewall
        (replace(SEEN, loopback=replace(ONE, bridge="200")), "inconclusive"),
    ],
)
def test_the_verdict(seen: Evidence, outcome: str) -> None:
    assert judge(seen).outcome == outcome
