"""Every case of the tables: fed whole, byte by byte, cut in two anywhere, and with more behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.http1.accepted import ACCEPTED
from tests.http1.refused import REFUSED
from tests.http1.wire import FOLLOWER, Outcome, byte_by_byte, converse, split_at

BODIES_TOO_BIG_TO_DRIP = {"chunks beyond the limit"}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    wire, expected = ACCEPTED[name]
    outcome = converse([wire])
    assert outcome.refused is None, outcome.reason
    assert [(seen.method, seen.target, seen.body) for seen in outcome.requests] == expected
    assert converse(byte_by_byte(wire)) == outcome
    follower = converse([FOLLOWER]).requests if outcome.requests[-1].keep_alive else ()
    for pieces in ([wire + FOLLOWER], [wire, FOLLOWER], byte_by_byte(wire + FOLLOWER)):
        assert converse(pieces) == Outcome(outcome.requests + follower)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    wire, status = REFUSED[name]
    outcome = converse([wire])
    assert outcome.refused == status, outcome.reason
    assert outcome.requests == ()
    assert converse([wire + FOLLOWER]) == outcome
    assert converse([wire + b"\0" * 40000]) == outcome
    if name not in BODIES_TOO_BIG_TO_DRIP:
        assert converse(byte_by_byte(wire)) == outcome


@given(case=st.sampled_from([*ACCEPTED, *REFUSED]), data=st.data())
def test_cut_anywhere(case: str, data: st.DataObject) -> None:
    wire = (ACCEPTED.get(case) or REFUSED[case])[0]
    cuts = data.draw(st.lists(st.integers(0, len(wire)), min_size=1, max_size=4))
    assert converse(split_at(wire, *cuts)) == converse([wire])


@pytest.mark.parametrize("name", ACCEPTED)
def test_cut_in_two_everywhere(name: str) -> None:
    wire, _ = ACCEPTED[name]
    whole = converse([wire])
    for cut in range(1, len(wire)):
        assert converse(split_at(wire, cut)) == whole
