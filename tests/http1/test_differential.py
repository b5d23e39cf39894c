"""What we accept, h11 and httptools accept with the same meaning; every exception is tabled."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from tests.http1.accepted import ACCEPTED
from tests.http1.differences import LAXER, STRICTER, Laxer, Stricter
from tests.http1.generated import blemished, requests
from tests.http1.peers import PEERS, Meaning
from tests.http1.refused import REFUSED
from tests.http1.wire import Seen, converse


def ours(seen: Seen) -> Meaning:
    return Meaning(seen.method, seen.target, dict(seen.fields), seen.body)


def comparable(meaning: Meaning) -> Meaning:
    """Without what is known to be told otherwise and to mean the same."""
    fields = dict(meaning.fields)
    if not meaning.target.startswith(b"/"):
        fields.pop(b"host", None)  # RFC 9112, 3.2.2: we tell the target's, they what was sent
    for name in (b"transfer-encoding", b"content-length"):
        if name in fields:  # h11 tells them in lower case, and without zeros in front
            fields[name] = fields[name].lower().lstrip(b"0")
    return meaning._replace(fields=fields)


def assert_read_alike(wire: bytes, seen: Seen) -> None:
    for name, read in PEERS.items():
        theirs = read(wire)
        if theirs is None:
            excused = [row for row in LAXER if name in row.refused_by and row.wire.search(wire)]
            assert excused, f"{name} refuses {wire!r}"
        else:
            assert comparable(theirs) == comparable(ours(seen)), name


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_cases(name: str) -> None:
    wire, _ = ACCEPTED[name]
    assert_read_alike(wire, converse([wire]).requests[0])


@given(requests())
def test_generated_requests(request: tuple[bytes, Seen]) -> None:
    wire, meaning = request
    assert_read_alike(wire, meaning)


@given(blemished())
def test_blemished_requests(wire: bytes) -> None:
    outcome = converse([wire])
    if outcome.requests:
        assert_read_alike(wire, outcome.requests[0])


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
