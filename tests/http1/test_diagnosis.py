"""A refusal names the offence, and the first one: the verdict is what a person has to go by."""

from __future__ import annotations

import pytest

from servers.http1 import ProtocolError
from servers.http1.diagnosis import judge_field_line, judge_request_line

REQUEST_LINES = {
    b"GET /\r\n": "a method, a target and a version",
    b"GET / HTTP/1.1\n": "bare LF",
    b"GET /\r HTTP/1.1\r\n": "bare CR",
    b"G(T / HTTP/1.1\r\n": "malformed method",
    b"GET / HTPP/1.1\r\n": "malformed HTTP version",
    b"B@EW { HTTP/2.0\r\n": "malformed method",
    b"BREW { HTTP/2.0\r\n": "HTTP/1.1 and HTTP/1.0 are spoken",
    b"BREW { HTTP/1.1\r\n": "method not implemented",
    b"GET { HTTP/1.1\r\n": "malformed request target",
    b"GET https://x/ HTTP/1.1\r\n": "only http",
}
FIELD_LINES = {
    b"A: b\n": "bare LF",
    b"A: b\rc\r\n": "bare CR",
    b" A: b\r\n": "folded",
    b"A\r\n": "without a colon",
    b"A : b\r\n": "whitespace before the colon",
    b": b\r\n": "malformed name",
    b"A B: c\r\n": "malformed name",
    b"host: x y\r\n": "malformed Host",
    b"A: b\0c\r\n": "control character",
}


@pytest.mark.parametrize("line", REQUEST_LINES)
def test_request_lines(line: bytes) -> None:
    with pytest.raises(ProtocolError, match=REQUEST_LINES[line]):
        judge_request_line(line)


@pytest.mark.parametrize("line", FIELD_LINES)
def test_field_lines(line: bytes) -> None:
    with pytest.raises(ProtocolError, match=FIELD_LINES[line]):
        judge_field_line(line)


def test_what_is_valid_passes() -> None:
    judge_request_line(b"GET / HTTP/1.1\r\n")
    judge_field_line(b"A: b\r\n")
