"""Nothing that went into a response's fields can add a line to it, or say what the engine says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers.http1 import Response
from tests.http1.generated import names, values
from tests.http1.wire import FOLLOWER, exchange, read_by_h11

OWN = (b"connection", b"content-length", b"date", b"transfer-encoding")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((b"A", b"b%bc" % bad) for bad in (b"\r\nSet-Cookie: x", b"\r", b"\n", b"\0", b"\x7f")),
        *((b"A%bB" % bad, b"c") for bad in (b"\r\n", b":", b": x", b" ", b"\0", b"\xe9", b"(")),
        (b"", b"x"),
        *((name, b"1") for name in OWN),
        *((name.title(), b"1") for name in OWN),
    ],
)
def test_no_field_can_be_smuggled_in(name: bytes, value: bytes) -> None:
    with pytest.raises(ValueError, match=r"field|engine"):
        Response(200, ((name, value),))


@given(name=st.one_of(names, st.binary(max_size=8)), value=st.one_of(values, st.binary(max_size=8)))
def test_a_field_is_refused_or_arrives_as_it_is(name: bytes, value: bytes) -> None:
    try:
        response = Response(200, ((name, value),), b"body")
    except ValueError:
        return
    read, body = read_by_h11(b"GET", exchange(FOLLOWER, response))
    expected = [(b"content-length", b"4"), (name.lower(), value.strip(b" \t"))]
    assert [*read.headers][:2] == expected
    assert [key for key, _ in read.headers][2:] == [b"date"]
    assert body == b"body"
