"""Each limit holds to the byte, is enforced while bytes arrive, and costs linear work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from servers.http1 import Connection, Limits, ProtocolError, connection, grammar, head
from tests.http1.wire import byte_by_byte, converse

SMALL = Limits(request_line=40, fields=3, head=120, body=10)
LINE, HOST = b"GET / HTTP/1.1\r\n", b"Host: x\r\n"


def target_line(length: int) -> bytes:
    return b"GET /%b HTTP/1.1\r\n" % (b"a" * (length - len("GET / HTTP/1.1")))


def head_of(length: int) -> bytes:
    return LINE + HOST + b"A: %b\r\n\r\n" % (b"a" * (length - len(LINE + HOST) - 7))


def chunks(tail: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + tail


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
    "request line without an end": (b"G" * 42, 414),
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


@pytest.mark.parametrize("name", ["request_line", "fields", "head", "body"])
def test_limits_are_positive(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 0})


class Work:
    """Counts the bytes that are offered to a scan, in place of the time they take."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scanned = 0
        for module in (connection, head):
            monkeypatch.setattr(module, "match_head", self._counted(grammar.match_head))
        work = self

        class Buffer(bytearray):
            def find(self, sought: bytes, start: int) -> int:  # type: ignore[override]
                found = super().find(sought, start)
                work.scanned += (found if found >= 0 else len(self)) - start + 1
                return found

        monkeypatch.setattr("servers.http1.assembly.bytearray", Buffer, raising=False)

    def _counted(
        self, match: Callable[[bytes], re.Match[bytes] | None]
    ) -> Callable[[bytes], re.Match[bytes] | None]:
        def counted(data: bytes) -> re.Match[bytes] | None:
            found = match(data)
            self.scanned += len(data) if found is None else found.end()
            return found

        return counted


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    counted = Work(monkeypatch)
    yield counted
    assert counted.scanned > 0


@pytest.mark.parametrize(
    "wire",
    {
        "a long request line": b"GET /%b HTTP/1.1\r\n" % (b"a" * 60000) + HOST + b"\r\n",
        "a long field": LINE + HOST + b"A: " + b"a" * 60000 + b"\r\n\r\n",
        "many fields": LINE + HOST + b"".join(b"A%d: b\r\n" % n for n in range(6000)) + b"\r\n",
        "a body": LINE + HOST + b"Content-Length: 100000\r\n\r\n" + b"a" * 100000,
        "one chunk": chunks(b"186a0\r\n" + b"a" * 100000 + b"\r\n0\r\n\r\n"),
        "small chunks": chunks(b"1\r\na\r\n" * 10000 + b"0\r\n\r\n"),
        "long extensions": chunks(b"1;%b\r\na\r\n" % (b"a" * 6000) * 10 + b"0\r\n\r\n"),
        "trailers": chunks(b"0\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(6000)) + b"\r\n"),
        "pipelined": (LINE + HOST + b"\r\n") * 2000,
    }.values(),
    ids=str.split("line field fields body chunk small-chunks extensions trailers pipelined"),
)
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_work_is_linear(work: Work, wire: bytes, step: int) -> None:
    generous = Limits(request_line=1 << 20, fields=10000, head=1 << 20, body=1 << 20)
    outcome = converse((wire[at : at + step] for at in range(0, len(wire), step)), generous)
    assert outcome.refused is None
    assert work.scanned <= 4 * len(wire) + 100


def test_a_megabyte_by_the_byte() -> None:
    taken = Connection(Limits())
    assert taken.receive_data(LINE + HOST + b"Content-Length: 1000000\r\n\r\n") is None
    for _ in range(999_999):
        assert taken.receive_data(b"a") is None
    request = taken.receive_data(b"a")
    assert request is not None
    assert request.body == b"a" * 1_000_000


def test_the_verdict_is_the_first_offence_in_the_bytes() -> None:
    late = target_line(41) + b"nonsense\r\n\r\n"
    early = b"nonsense\r\n" + b"a" * 200
    for wire, status in ((late, 414), (early, 400)):
        for pieces in ([wire], byte_by_byte(wire)):
            assert converse(pieces, SMALL).refused == status


def test_the_reason_names_the_limit() -> None:
    with pytest.raises(ProtocolError, match="40 bytes"):
        Connection(SMALL).receive_data(target_line(41))
