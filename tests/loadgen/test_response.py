"""The parser of responses: every case whole, split at every byte, and byte by byte."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest

from loadgen.engine.response import ResponseError, ResponseParser
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


LENGTHENED = {  # each as long as asked for, within the limit of a head
    "spaces in a value": lambda n: OK + b"Connection: a" + b" " * n + b"b\r\n\r\n",
    "spaces around a value": lambda n: OK + b"X:" + b" " * n + b"b" + b" " * n + b"\r\n\r\n",
    "spaces in a length": lambda n: OK + b"Content-Length: 0" + b" " * n + b"0\r\n\r\n",
    "a value of spaces": lambda n: OK + b"Transfer-Encoding:" + b" \t" * (n // 2) + b"\r\n\r\n",
    "a reason of spaces": lambda n: b"HTTP/1.1 200 " + b" " * n + b"\r\n\r\n",
    "a long name": lambda n: OK + b"x" * n + b": y\r\n\r\n",
    "many options": lambda n: OK + b"Connection: " + b" ," * (n // 2) + b"a\r\n\r\n",
    "many fields": lambda n: OK + b"a:\r\n" * (n // 4) + b"\r\n",
    "many lengths": lambda n: OK + b"Content-Length: 5\r\n" * (n // 19) + b"\r\n",
    "a head without an end": lambda n: OK + b"a: " + b" " * n + b"\r\n",
    "a broken last line": lambda n: OK + b"a: b\r\n" * (n // 6) + b"\x00\r\n\r\n",
}


@pytest.mark.parametrize("kind", LENGTHENED)
def test_a_head_twice_as_long_takes_twice_as_long(kind: str) -> None:
    def least_s(length: int) -> float:
        data = LENGTHENED[kind](length)
        took_s = []
        for _ in range(7):
            began_s = process_time()
            with suppress(ResponseError):
                ResponseParser().receive_data(data)
            took_s.append(process_time() - began_s)
        return min(took_s)

    assert least_s(60_000) < 3 * least_s(30_000) + 0.0005
    assert least_s(60_000) < 0.02


def test_a_head_byte_by_byte_costs_no_parsing_until_its_end() -> None:
    parser = ResponseParser()
    head = OK + b"a: b\r\n" * 2_000 + b"Content-Length: 0\r\n\r\n"
    began_s = process_time()
    assert [parser.receive_data(head[at : at + 1]) for at in range(len(head))][-1]
    assert process_time() - began_s < 1
