"""Byte ranges of RFC 9110, 14: a table of the grammar, and a model that counts every octet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers.app import Application
from servers.app.ranges import Unsatisfiable, select
from servers.app.static import StaticFile
from tests.app.asking import ask, content, fields_of, request

LETTERS = b"abcdefghij"
FILE = StaticFile(LETTERS, b"text/plain", 0)


@pytest.mark.parametrize(
    ("asked", "part", "where"),
    [
        (b"bytes=0-0", b"a", b"bytes 0-0/10"),
        (b"bytes=2-4", b"cde", b"bytes 2-4/10"),
        (b"bytes=7-", b"hij", b"bytes 7-9/10"),
        (b"bytes=8-99", b"ij", b"bytes 8-9/10"),
        (b"bytes=0-" + b"9" * 5000, LETTERS, b"bytes 0-9/10"),
        (b"bytes=-3", b"hij", b"bytes 7-9/10"),
        (b"bytes=-99", LETTERS, b"bytes 0-9/10"),
        (b"BYTES=000-001", b"ab", b"bytes 0-1/10"),
        (b"bytes=" + b"0" * 5000 + b"9-", b"j", b"bytes 9-9/10"),
    ],
)
def test_part(asked: bytes, part: bytes, where: bytes) -> None:
    response = FILE.answer(request(b"/", Range=asked))
    assert (response.status, content(response)) == (206, part)
    assert fields_of(response)[b"content-range"] == where
    assert fields_of(response)[b"content-length"] == b"%d" % len(part)


@pytest.mark.parametrize("asked", [b"bytes=10-", b"bytes=10-20", b"bytes=-0", b"bytes=99999-"])
def test_unsatisfiable(asked: bytes) -> None:
    response = FILE.answer(request(b"/", Range=asked))
    assert (response.status, content(response)) == (416, b"")
    assert fields_of(response)[b"content-range"] == b"bytes */10"


@pytest.mark.parametrize(
    "asked",
    [
        *(b"bytes=0-1,3-4", b"bytes=-1,-2", b"bytes=4-2", b"bytes=-", b"bytes=", b"bytes"),
        *(b"lines=0-1", b"bytes=a-b", b"bytes=0x1-2", b"bytes=+1-2", b"bytes=1--2", b"bytes=1-2-3"),
        *(b"bytes= 1-2", b"bytes =1-2", b"bytes=1 -2", b"bytes:1-2", b"bytes=\xb2-", b"=0-1"),
    ],
)
def test_what_cannot_be_served_as_one_part_is_served_whole(asked: bytes) -> None:
    assert FILE.answer(request(b"/", Range=asked)) is FILE.whole


def test_range_of_any_other_method_than_get_is_ignored() -> None:
    assert FILE.answer(request(b"/", b"HEAD", Range=b"bytes=0-1")) is FILE.whole


def test_part_names_the_whole_it_belongs_to(app: Application) -> None:
    whole = fields_of(ask(app, b"/1mb.bin"))
    part = ask(app, b"/1mb.bin", Range=b"bytes=800000-800007")
    assert content(part) == (800_000).to_bytes(8, "big")
    for name in (b"etag", b"last-modified", b"content-type"):
        assert fields_of(part)[name] == whole[name]


NUMBERS = st.one_of(st.integers(0, 30), st.integers(0, 10**25))


@given(size=st.integers(0, 25), first=NUMBERS, last=st.one_of(st.none(), NUMBERS))
def test_selects_the_octets_that_a_count_would(size: int, first: int, last: int | None) -> None:
    asked = b"bytes=%d-%b" % (first, b"" if last is None else b"%d" % last)
    wanted = [i for i in range(size) if first <= i and (last is None or i <= last)]
    invalid = last is not None and last < first
    try:
        part = select(asked, size)
    except Unsatisfiable:
        assert not wanted
    else:
        assert (part is None) == invalid or max(first, last or 0) >= 10**19
        assert part is None or list(range(part[0], part[0] + part[1])) == wanted


@given(size=st.integers(0, 25), length=NUMBERS)
def test_selects_the_last_octets(size: int, length: int) -> None:
    wanted = list(range(size))[-length:] if length else []
    try:
        part = select(b"bytes=-%d" % length, size)
    except Unsatisfiable:
        assert not wanted
    else:
        assert part is not None
        assert list(range(part[0], part[0] + part[1])) == wanted


@given(value=st.binary(max_size=40), size=st.integers(0, 100))
def test_no_value_is_trouble(value: bytes, size: int) -> None:
    for asked in (value, b"bytes=" + value):
        try:
            part = select(asked, size)
        except Unsatisfiable:
            continue
        assert part is None or 0 <= part[0] < part[0] + part[1] <= size
