"""However small the pieces, no byte is sought through again and again: scans are counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from servers.http1 import Connection, Limits, connection, grammar, head
from tests.http1.wire import HOST, LINE, chunks, converse


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
