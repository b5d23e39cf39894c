"""Why a line is refused, and with which status: the slow verdict on what the grammar did not match.

Each function returns where the line is valid after all, and raises ProtocolError at its first
offence where it is not. Section numbers are those of RFC 9112 unless another RFC is named.
"""

import re

from servers.http1.errors import ProtocolError
from servers.http1.grammar import match_field_line, match_request_line, match_token

LONGEST_METHOD = len("OPTIONS")

_match_version = re.compile(rb"HTTP/([0-9])\.[0-9]").fullmatch
_match_scheme = re.compile(rb"([A-Za-z][0-9A-Za-z+\-.]*+)://").match  # RFC 3986, 3.1


def judge_first_byte(byte: int) -> None:
    """A request begins with its method or with an empty line; a TLS hello does not."""
    if byte != 0x0D and not match_token(bytes((byte,))):
        raise ProtocolError(400, "this is not the beginning of an HTTP request")


def judge_method(start: bytes) -> None:
    """Of a request line that is too long: its first `LONGEST_METHOD` bytes and one more."""
    method, space, _ = start.partition(b" ")
    if method and not match_token(method):  # 3.1
        raise ProtocolError(400, "malformed method")
    if not space and len(method) > LONGEST_METHOD:  # 3: before the target is looked at
        raise ProtocolError(501, "a method longer than any that is implemented")


def judge_request_line(line: bytes) -> None:
    if match_request_line(line):
        return
    _judge_line_end(line)
    parts = line[:-2].split(b" ")
    if len(parts) != 3:  # 3: single spaces, and none elsewhere
        raise ProtocolError(400, "a request line is a method, a target and a version")
    method, target, version = parts
    if not match_token(method):  # 3.1
        raise ProtocolError(400, "malformed method")
    known = _match_version(version)
    if known is None:  # 2.3
        raise ProtocolError(400, "malformed HTTP version")
    if known[1] != b"1":  # RFC 9110, 15.6.6
        raise ProtocolError(505, "HTTP/1.1 and HTTP/1.0 are spoken here")
    if not match_request_line(method + b" / HTTP/1.1\r\n"):  # RFC 9110, 9.1
        raise ProtocolError(501, "method not implemented")
    scheme = _match_scheme(target)
    if scheme and scheme[1].lower() != b"http":  # RFC 9110, 7.4: https MUST be refused without TLS
        raise ProtocolError(421, "only http is served here")
    raise ProtocolError(400, "malformed request target")  # 3.2


def judge_field_line(line: bytes) -> None:
    if match_field_line(line):
        return
    _judge_line_end(line)
    name, colon, _ = line.partition(b":")
    if line.startswith((b" ", b"\t")):  # 5.2
        raise ProtocolError(400, "folded header field")
    if not colon:
        raise ProtocolError(400, "a header field without a colon")
    if name.endswith((b" ", b"\t")):  # 5.1
        raise ProtocolError(400, "whitespace before the colon of a header field")
    if not match_token(name):  # RFC 9110, 5.1
        raise ProtocolError(400, "malformed name of a header field")
    if name.lower() == b"host":  # 3.2
        raise ProtocolError(400, "malformed Host")
    raise ProtocolError(400, "control character in a header field")  # RFC 9110, 5.5


def _judge_line_end(line: bytes) -> None:
    """2.2: lines end in CRLF, and neither of the two stands alone."""
    if not line.endswith(b"\r\n"):
        raise ProtocolError(400, "bare LF")
    if b"\r" in line[:-2]:
        raise ProtocolError(400, "bare CR")
