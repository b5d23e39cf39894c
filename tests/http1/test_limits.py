"""Each limit holds to the byte, and is enforced while the bytes arrive."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from servers.http1 import Connection, Limits, ProtocolError
from tests.http1.wire import HOST, LINE, byte_by_byte, chunks, converse

SMALL = Limits(request_line=40, fields=3, head=120, body=10)


def target_line(length: int) -> bytes:
    return b"GET /%b HTTP/1.1\r\n" % (b"a" * (length - len("GET / HTTP/1.1")))


def head_of(length: int) -> bytes:
    return LINE + HOST + b"A: %b\r\n\r\n" % (b"a" * (length - len(LINE + HOST) - 7))


FITS = {
    "request line": target_line(40) + HOST + b"\r\n",
    "request line after an empty one": b"\r\n" + target_line(40) + HOST + b"\r\n",
    "fields": LINE + HOST + b"A: 1\r\nB: 2\r\n\r\n",
    "head": head_of(120),
    "length": LINE + HOST + b"Content-Length: 10\r\n\r\n0123456789",
    "chunks": chunks(b"5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n"),
    "extension": chunks(b"0;" + b"a" * 132 + b"\r\n\r\n"),
    "trailer bytes": chunks(b"0\r\nA:" + b"a" * 114 + b"\r\n\r\n"),
    "trailer fields": chunks(b"0\r\nA:\r\nB:\r\nC:\r\n\r\n"),
}
BURSTS = {  # what is refused, without a byte more
    "request line": (target_line(41)[:-1], 414),
    "request line without an end": (b"GET /" + b"a" * 37, 414),
    "a method without an end": (b"G" * 42, 501),
    "a malformed method without an end": (b"G@T" * 14, 400),
    "fields": (LINE + HOST + b"A: 1\r\nB: 2\r\nC: 3\r\n", 431),
    "repeated fields": (LINE + HOST + b"A: 1\r\nA: 2\r\nA: 3\r\n", 431),
    "head": (head_of(121)[:-1], 431),
    "head without an end": (LINE + HOST + b"A: " + b"a" * 92, 431),
    "length": (LINE + HOST + b"Content-Length: 11\r\n\r\n", 413),
    "a chunk": (chunks(b"b\r\n"), 413),
    "the sum of chunks": (chunks(b"5\r\nabcde\r\n6\r\n"), 413),
    "extension": (chunks(b"0;" + b"a" * 136), 431),
    "extensions": (chunks(b"1;%b\r\na\r\n1;%b" % (b"a" * 76, b"a" * 74)), 431),
    "zeros": (chunks(b"0" * 138), 431),
    "trailer bytes": (chunks(b"0\r\nA:" + b"a" * 118), 431),
    "trailer fields": (chunks(b"0\r\nA:\r\nB:\r\nC:\r\nD:\r\n"), 431),
}


@pytest.mark.parametrize("cut", [lambda wire: [wire], byte_by_byte], ids=["whole", "by byte"])
@pytest.mark.parametrize("name", FITS)
def test_what_fits_is_taken(name: str, cut: Callable[[bytes], list[bytes]]) -> None:
    outcome = converse(cut(FITS[name]), SMALL)
    assert outcome.refused is None, outcome.reason
    assert len(outcome.requests) == 1


@pytest.mark.parametrize("name", BURSTS)
def test_what_does_not_is_refused_at_once(name: str) -> None:
    wire, status = BURSTS[name]
    whole = converse([wire], SMALL)
    assert whole.refused == status
    assert converse(byte_by_byte(wire), SMALL) == whole
    assert converse([wire[:-1]], SMALL).refused is None, "the last byte is the one too many"


@pytest.mark.parametrize(
    ("wire", "status"),
    [
        (target_line(41) + HOST + b"\r\n", 414),
        (LINE + HOST + b"A: 1\r\nB: 2\r\nC: 3\r\n\r\n", 431),
        (LINE + HOST + b"A: 1\r\nA: 2\r\nA: 3\r\n\r\n", 431),
        (head_of(121), 431),
    ],
)
def test_a_head_that_is_whole_is_not_let_through(wire: bytes, status: int) -> None:
    whole = converse([wire], SMALL)
    assert whole.refused == status
    assert converse(byte_by_byte(wire), SMALL) == whole


def test_fields_are_counted_in_a_small_head_too() -> None:
    for pieces in ([wire := LINE + HOST + b"A: 1\r\n\r\n"], byte_by_byte(wire)):
        assert converse(pieces, Limits(fields=2)).refused is None
        assert converse(pieces, Limits(fields=1)).refused == 431


def test_a_request_line_is_part_of_the_head() -> None:
    narrow = Limits(request_line=1000, head=100)
    for pieces in ([target_line(99)], byte_by_byte(target_line(99))):
        assert converse(pieces, narrow).refused == 414


@pytest.mark.parametrize("name", ["request_line", "fields", "head", "body"])
def test_limits_are_positive(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 0})


def test_the_verdict_is_the_first_offence_in_the_bytes() -> None:
    late = target_line(41) + b"nonsense\r\n\r\n"
    early = b"nonsense\r\n" + b"a" * 200
    for wire, status in ((late, 414), (early, 400)):
        for pieces in ([wire], byte_by_byte(wire)):
            assert converse(pieces, SMALL).refused == status


def test_the_reason_names_the_limit() -> None:
    with pytest.raises(ProtocolError, match="40 bytes"):
        Connection(SMALL).receive_data(target_line(41))
