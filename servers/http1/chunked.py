"""The chunked transfer coding (RFC 9112, 7.1), decoded as it arrives.

Extensions and trailers are read by the grammar, counted against the bounds of a head (7.1.1 and
7.1.2 ask for bounds) and dropped. Each chunk is a turn of a Python loop: many
tiny ones are slow.
"""

import re

from servers.http1.diagnosis import judge_field_line
from servers.http1.errors import ProtocolError
from servers.http1.grammar import OWS, TOKEN
from servers.http1.limits import Limits

_QUOTED = rb'"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]++|\\[\t \x21-\x7e\x80-\xff])*+"'
_VALUE = rb"(?:" + TOKEN + rb"|" + _QUOTED + rb")"
_EXTENSION = OWS + rb";" + OWS + TOKEN + rb"(?:" + OWS + rb"=" + OWS + _VALUE + rb")?+"
_match_size_line = re.compile(rb"([0-9A-Fa-f]++)(?:" + _EXTENSION + rb")*+\r\n").fullmatch

_FRAMING = frozenset((b"content-length", b"transfer-encoding"))
_FREE = 16 + len(b"\r\n")  # of a size line: what is longer than a plain one is spent
_SIZE, _DATA, _DATA_END, _TRAILER = range(4)


class ChunkedBody:
    """`take` moves what has arrived from the buffer's front into the body, and returns it whole."""

    __slots__ = ("_content", "_due", "_left", "_limits", "_sought", "_spare", "_trailers")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._content = bytearray()
        self._due = _SIZE
        self._left = 0  # bytes of the chunk still to come
        self._sought = 0  # how far into the buffer no line end was found
        self._spare = limits.head  # bytes that extensions and trailers may still take
        self._trailers = 0

    def take(self, buffer: bytearray) -> bytes | None:
        while True:
            if self._due == _DATA:
                part = buffer[: self._left]
                del buffer[: self._left]
                self._content += part
                self._left -= len(part)
                if self._left:
                    return None
                self._due = _DATA_END
            elif self._due == _DATA_END:
                if len(buffer) < 2:
                    return None
                if not buffer.startswith(b"\r\n"):
                    raise ProtocolError(400, "a chunk longer than its size")
                del buffer[:2]
                self._due = _SIZE
            else:
                line = self._line(buffer)
                if line is None:
                    return None
                if self._due == _SIZE:
                    self._begin_chunk(line)
                elif line == b"\r\n":
                    return bytes(self._content)
                else:
                    self._trailers += 1
                    if self._trailers > self._limits.fields:
                        raise ProtocolError(431, "too many trailer fields")
                    _judge_trailer(line)

    def _line(self, buffer: bytearray) -> bytes | None:
        end = buffer.find(b"\n", self._sought) + 1
        spent = (end or len(buffer) + 1) - (_FREE if self._due == _SIZE else 0)
        if spent > self._spare:
            raise ProtocolError(431, "chunk extensions or trailer fields too large")
        if not end:
            self._sought = len(buffer)
            return None
        self._sought = 0
        self._spare -= max(spent, 0)
        line = bytes(buffer[:end])
        del buffer[:end]
        return line

    def _begin_chunk(self, line: bytes) -> None:
        match = _match_size_line(line)
        if match is None:
            raise ProtocolError(400, "malformed chunk size")
        self._left = int(match[1], 16)
        most = self._limits.body
        if len(self._content) + self._left > most:
            raise ProtocolError(413, f"the body is larger than {most} bytes")
        self._due = _DATA if self._left else _TRAILER


def _judge_trailer(line: bytes) -> None:
    judge_field_line(line)
    if line.partition(b":")[0].lower() in _FRAMING:
        # RFC 9110, 6.5.1: nobody may send it there, and whoever obeys it reads on elsewhere.
        raise ProtocolError(400, "a field that frames the message, in its trailers")
