"""The slow way through a head: line by line, for one that comes in pieces or offends.

It judges every line as soon as its end arrives, so an offence is answered at once even where the
head never ends, and always with the same verdict however the bytes were cut. Work is linear: no
byte is looked at again because another arrived.
"""

import re

from servers.http1.errors import ProtocolError
from servers.http1.grammar import match_field_line, match_request_line, match_token

_match_version = re.compile(rb"HTTP/([0-9])\.[0-9]").fullmatch


def judge_request_line(line: bytes) -> None:
    """RFC 9112, 3."""
    if match_request_line(line):
        return
    _judge_line_end(line)
    parts = line[:-2].split(b" ")
    if len(parts) != 3:
        raise ProtocolError(400, "a request line is a method, a target and a version")
    method, _, version = parts
    if not match_token(method):
        raise ProtocolError(400, "malformed method")
    known = _match_version(version)
    if known is None:
        raise ProtocolError(400, "malformed HTTP version")
    if known[1] != b"1":  # RFC 9110, 15.6.6
        raise ProtocolError(505, "HTTP/1.1 and HTTP/1.0 are spoken here")
    if not match_request_line(method + b" / HTTP/1.1\r\n"):  # RFC 9110, 9.1
        raise ProtocolError(501, "method not implemented")
    raise ProtocolError(400, "malformed request target")


def judge_field_line(line: bytes) -> None:
    """RFC 9112, 5."""
    if match_field_line(line):
        return
    _judge_line_end(line)
    name, colon, _ = line.partition(b":")
    if line[:1] in b" \t":  # 5.2
        raise ProtocolError(400, "folded header field")
    if not colon:
        raise ProtocolError(400, "a header field without a colon")
    if name[-1:] in b" \t":  # 5.1
        raise ProtocolError(400, "whitespace before the colon of a header field")
    if not match_token(name):
        raise ProtocolError(400, "malformed name of a header field")
    if name.lower() == b"host":
        raise ProtocolError(400, "malformed Host")
    raise ProtocolError(400, "control character in a header field")


def _judge_line_end(line: bytes) -> None:
    """RFC 9112, 2.2: lines end in CRLF, and neither of the two stands alone."""
    if not line.endswith(b"\r\n"):
        raise ProtocolError(400, "bare LF")
    if b"\r" in line[:-2]:
        raise ProtocolError(400, "bare CR")
