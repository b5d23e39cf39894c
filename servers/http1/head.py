"""A head that comes in pieces, or offends: read line by line from a growing buffer.

Every line is judged as soon as its end arrives, and every limit as soon as it cannot be kept, so an
offence is answered at once even where the head never ends, and with the same verdict however the
bytes were cut. No byte is searched again because another arrived: the work is linear. One
match that reads a whole head is faster, and so that is tried first.
"""

from __future__ import annotations

from servers.http1.diagnosis import (
    LONGEST_METHOD,
    judge_field_line,
    judge_first_byte,
    judge_method,
    judge_request_line,
)
from servers.http1.errors import ProtocolError
from servers.http1.grammar import match_head
from servers.http1.request import read_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.http1.limits import Limits
    from servers.http1.request import Request


class ArrivingHead:
    """Follows one head after another through a buffer that begins with it."""

    __slots__ = ("_limits", "_lines", "_sought", "_start")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines = 0  # judged so far, the request line included
        self._start = 0  # of the line that is arriving
        self._sought = 0  # how far no line end was found

    def take(self, buffer: bytearray) -> Request | None:
        """The request of the head at the buffer's front, removed from it, once it is whole."""
        limits = self._limits
        match = None if self._sought else match_head(buffer)
        if match is None or match.end() > limits.plain_head:
            if not self._has_ended(buffer):
                return None
            match = match_head(buffer)
            assert match is not None  # a head is made of its lines, and each has been judged
        request = read_request(match, limits.fields)
        del buffer[: match.end()]
        self._lines = self._start = self._sought = 0
        return request

    def _has_ended(self, buffer: bytearray) -> bool:
        while True:
            if not self._lines and self._start < len(buffer):
                judge_first_byte(buffer[self._start])
            end = buffer.find(b"\n", self._sought) + 1
            self._check_size(buffer, end or len(buffer) + 1)
            if not end:
                self._sought = len(buffer)
                return False
            line = bytes(buffer[self._start : end])
            if self._lines:
                if line == b"\r\n":
                    return True
                if self._lines > self._limits.fields:
                    raise ProtocolError(431, f"more than {self._limits.fields} header fields")
                judge_field_line(line)
                self._lines += 1
            elif line != b"\r\n" or self._start:  # RFC 9112, 2.2: one empty line may come first
                judge_request_line(line)
                self._lines = 1
            self._start = self._sought = end

    def _check_size(self, buffer: bytearray, end: int) -> None:
        """`end`: the least at which the arriving line can end."""
        limits = self._limits
        if self._lines:
            if end > limits.head:  # RFC 6585, 5
                raise ProtocolError(431, f"the head is larger than {limits.head} bytes")
        elif end - self._start > limits.request_line + 2 or end > limits.head:  # RFC 9112, 3
            judge_method(bytes(buffer[self._start : self._start + LONGEST_METHOD + 1]))
            raise ProtocolError(414, f"the request line is longer than {limits.request_line} bytes")
