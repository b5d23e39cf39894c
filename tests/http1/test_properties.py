"""What holds for every input: nothing but ProtocolError, no verdict from the cuts, meaning kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from servers.http1 import Limits
from tests.http1.generated import blemished, requests
from tests.http1.wire import Outcome, Seen, byte_by_byte, converse, split_at

HTTP_PIECES = st.sampled_from(
    [
        *(
            b"GET ",
            b"POST ",
            b"HEAD ",
            b"OPTIONS * ",
            b"/",
            b"/a?b ",
            b"HTTP/1.1\r\n",
            b"HTTP/1.0\r\n",
        ),
        *(b"Host: x\r\n", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"A: b\r\n"),
        *(
            b"Expect: 100-continue\r\n",
            b"Connection: close\r\n",
            b"\r\n",
            b"\n",
            b"\r",
            b" ",
            b"\t",
        ),
        *(b"3\r\nabc\r\n", b"0\r\n\r\n", b"abc", b"\0", b"\xff", b":", b"1;x=y\r\n"),
    ]
)
wires = st.one_of(
    st.binary(max_size=200),
    st.lists(HTTP_PIECES, max_size=20).map(b"".join),
    blemished(),
)


@given(wire=wires, limits=st.sampled_from([Limits(), Limits(request_line=20, fields=2, head=60)]))
def test_any_bytes_and_any_cuts_come_to_the_same(wire: bytes, limits: Limits) -> None:
    assert converse(byte_by_byte(wire), limits) == converse([wire], limits)


@given(wire=wires, data=st.data())
def test_any_two_cuts(wire: bytes, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(wire)), min_size=1, max_size=3))
    assert converse(split_at(wire, *cuts)) == converse([wire])


@given(wire=wires, more=st.binary(max_size=50))
def test_what_was_read_or_refused_stays_so(wire: bytes, more: bytes) -> None:
    before, after = converse([wire]), converse([wire + more])
    assert after.requests[: len(before.requests)] == before.requests
    if before.refused is not None:
        assert after == before


@given(requests())
def test_a_valid_request_is_read_as_it_was_written(request: tuple[bytes, Seen]) -> None:
    wire, meaning = request
    for pieces in ([wire], byte_by_byte(wire), [b"\r\n" + wire]):
        assert converse(pieces) == Outcome((meaning,))


@given(st.lists(requests(), min_size=1, max_size=4), st.data())
def test_pipelined_requests_keep_their_order(
    several: list[tuple[bytes, Seen]], data: st.DataObject
) -> None:
    wire = b"".join(wire for wire, _ in several)
    cuts = data.draw(st.lists(st.integers(0, len(wire)), max_size=3))
    read = []
    for _, meaning in several:
        read.append(meaning)
        if not meaning.keep_alive:
            break
    assert converse(split_at(wire, *cuts)) == Outcome(tuple(read))
