"""Where a request's body ends (RFC 9112, 6.3), decided from its head alone."""

from servers.http1.chunked import ChunkedBody
from servers.http1.errors import ProtocolError
from servers.http1.grammar import match_token
from servers.http1.limits import Limits
from servers.http1.request import Request

_FOR_CONTENT = frozenset((b"POST", b"PUT", b"PATCH"))


class CountedBody:
    """A body of `length` bytes (RFC 9112, 6.2)."""

    __slots__ = ("_length",)

    def __init__(self, length: int) -> None:
        self._length = length

    def take(self, buffer: bytearray) -> bytes | None:
        """The whole body, removed from the buffer's front, once it is there."""
        if len(buffer) < self._length:
            return None
        body = bytes(buffer[: self._length])
        del buffer[: self._length]
        return body


def expects_continue(request: Request) -> bool:
    """RFC 9110, 10.1.1: 417 for any other expectation; HTTP/1.0 cannot expect 100-continue.

    A list, so that the same expectation twice is one (RFC 9110, 5.6.1).
    """
    value = request.fields.get(b"expect")
    if value is None:
        return False
    expected = {member.strip() for member in value.lower().split(b",")} - {b""}
    if not expected <= {b"100-continue"}:
        raise ProtocolError(417, "the only expectation met here is 100-continue")
    return bool(expected) and request.version == 1


def body_of(request: Request, limits: Limits) -> CountedBody | ChunkedBody | None:
    """What reads the body that this head announces; None where it announces none."""
    fields = request.fields
    if b"transfer-encoding" in fields:
        _judge_codings(request)
        return ChunkedBody(limits)
    if b"content-length" in fields:
        return CountedBody(_length(fields[b"content-length"], limits.body))
    # RFC 9110, 15.5.12: a request that says it has content must say where it ends. One that says
    # nothing has none (RFC 9112, 6.3 (7)), POST included, and so has a GET that expects to be told
    # to go on.
    expects = expects_continue(request)
    if request.method in _FOR_CONTENT and (expects or b"content-type" in fields):
        raise ProtocolError(411, "content is announced, but not its length")
    return None


def _judge_codings(request: Request) -> None:
    fields = request.fields
    if request.version == 0:  # RFC 9112, 6.1: the framing is faulty
        raise ProtocolError(400, "HTTP/1.0 knows no Transfer-Encoding")
    if b"content-length" in fields:  # RFC 9112, 6.1 and 6.3 (3): an attempt to smuggle
        raise ProtocolError(400, "both Content-Length and Transfer-Encoding")
    value = fields[b"transfer-encoding"].lower()
    if value == b"chunked":
        return
    codings = [coding.partition(b";")[0].strip() for coding in value.split(b",")]
    # RFC 9110, 5.6.1 would have empty elements skipped; here that is how framings come to differ.
    if not all(map(match_token, codings)):
        raise ProtocolError(400, "malformed Transfer-Encoding")
    if b"chunked" in codings[:-1]:  # RFC 9112, 6.1 and 6.3 (4): once, and last
        raise ProtocolError(400, "chunked is not the last transfer coding")
    if codings != [b"chunked"]:  # RFC 9112, 6.1
        raise ProtocolError(501, "the only transfer coding known here is chunked")
    raise ProtocolError(400, "chunked takes no parameters")  # RFC 9112, 7.1


def _length(value: bytes, most: int) -> int:
    """RFC 9110, 8.6: 1*DIGIT. RFC 9112, 6.3 (5): several are refused, even where they agree."""
    if not value.isdigit():
        raise ProtocolError(400, "malformed Content-Length")
    digits = value.lstrip(b"0") or b"0"
    if len(digits) > 18 or int(digits) > most:  # int() itself balks at thousands of digits
        raise ProtocolError(413, f"the body is larger than {most} bytes")
    return int(digits)
