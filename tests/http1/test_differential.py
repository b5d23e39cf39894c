"""What we accept, h11 and httptools accept with the same meaning; every exception is tabled."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from tests.http1.accepted import ACCEPTED
from tests.http1.alike import differs
from tests.http1.differences import LAXER, STRICTER, Laxer, Stricter
from tests.http1.generated import blemished, requests
from tests.http1.peers import PEERS
from tests.http1.refused import REFUSED
from tests.http1.wire import Seen, converse


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_cases(name: str) -> None:
    wire, _ = ACCEPTED[name]
    assert not list(differs(wire, converse([wire]).requests[0]))


@given(requests())
def test_generated_requests(request: tuple[bytes, Seen]) -> None:
    wire, meaning = request
    assert not list(differs(wire, meaning))


@given(blemished())
def test_blemished_requests(wire: bytes) -> None:
    outcome = converse([wire])
    if outcome.requests:
        assert not list(differs(wire, outcome.requests[0]))


@pytest.mark.parametrize("name", REFUSED)
def test_every_stricter_verdict_is_tabled(name: str) -> None:
    wire, _ = REFUSED[name]
    accepted_by = set()
    for peer, read in PEERS.items():
        try:
            if read(wire) is not None:
                accepted_by.add(peer)
        except EOFError:
            pass  # the wire ends with the offence, and the peer waits for more
    tabled = [row.accepted_by for row in STRICTER if re.fullmatch(row.cases, name)]
    assert tabled == ([accepted_by] if accepted_by else [])


@pytest.mark.parametrize("row", STRICTER, ids=lambda row: row.cases)
def test_every_stricter_row_has_its_cases(row: Stricter) -> None:
    assert any(re.fullmatch(row.cases, name) for name in REFUSED)


@pytest.mark.parametrize("row", LAXER, ids=lambda row: row.why_accepted)
def test_every_laxer_row_is_true(row: Laxer) -> None:
    wires = [wire for wire, _ in ACCEPTED.values() if row.wire.search(wire)]
    refused_by = {peer for peer, read in PEERS.items() for wire in wires if read(wire) is None}
    assert refused_by >= row.refused_by
