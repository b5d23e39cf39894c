"""The parser of responses: every case whole, split at every byte, and byte by byte."""

from __future__ import annotations

import pytest

from loadgen.response import ResponseError, ResponseParser
from tests.loadgen.answers import BROKEN, OK, WHOLE


def ways(data: bytes) -> list[list[bytes]]:
    splits = [[data[:at], data[at:]] for at in range(1, len(data))]
    return [[data], *splits, [data[at : at + 1] for at in range(len(data))]]


@pytest.mark.parametrize(("method", "data", "status", "body", "stays"), [c[1:] for c in WHOLE])
def test_a_whole_answer(method: str, data: bytes, status: int, body: bytes, stays: bool) -> None:
    parser = ResponseParser(method, keep_body=True)
    for parts in ways(data):
        parser.reset()
        assert not parser.begun
        assert [parser.receive_data(part) for part in parts] == [False] * (len(parts) - 1) + [True]
        assert (parser.status, bytes(parser.body or b""), parser.keep_alive) == (
            status,
            body,
            stays,
        )
        assert parser.body_bytes == len(body)
        assert parser.begun
        assert parser.receive_end()


@pytest.mark.parametrize("data", [c[2] for c in WHOLE if c[3] not in (204,)])
def test_a_cut_answer_is_not_whole(data: bytes) -> None:
    for at in range(len(data)):
        parser = ResponseParser()
        if not parser.receive_data(data[:at]):
            assert not parser.receive_end()


@pytest.mark.parametrize("body", [b"", b"abc"])
def test_a_body_to_the_end_of_the_connection(body: bytes) -> None:
    for parts in ways(OK + b"\r\n" + body):
        parser = ResponseParser(keep_body=True)
        assert not any(parser.receive_data(part) for part in parts)
        assert parser.receive_end()
        assert (bytes(parser.body or b""), parser.keep_alive) == (body, False)


@pytest.mark.parametrize("data", [data for _, data in BROKEN], ids=[name for name, _ in BROKEN])
def test_refused(data: bytes) -> None:
    for parts in [[data], [data[at : at + 1] for at in range(len(data))]][: 1 + (len(data) < 200)]:
        parser = ResponseParser()
        with pytest.raises(ResponseError):  # noqa: PT012 - at whichever byte it shows
            for part in parts:
                parser.receive_data(part)
            pytest.fail("taken")
