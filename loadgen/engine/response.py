"""HTTP/1.1 responses, sans I/O: bytes in, one whole answer out (RFC 9112, the reading side).

    parser = ResponseParser("GET")
    while not parser.receive_data(socket.recv(65536)): ...
    parser.status, parser.body_bytes, parser.keep_alive

Strict where leniency would hide a server's mistake: one grammar for the whole head, one framing,
nothing behind the answer's end (we never pipeline). Bodies are counted, and kept only on request.
Loses where a server is legal but exotic: codings other than chunked, and obs-fold, are refused.
"""

from __future__ import annotations

import re

from loadgen.engine.head import CHUNKED, FIELD, TEXT, TO_THE_END, ResponseError, read_head

__all__ = ["ResponseError", "ResponseParser"]

LINE_LIMIT = 4 * 1024

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[\t ]*(?:;" + TEXT + rb")?\r\n")  # 7.1
_TRAILER = re.compile(rb"(?:" + FIELD + rb")*+\r\n")  # 7.1.2

# What comes next. The first three are parts of the body.
_BODY, _REST, _CHUNK_DATA, _WHOLE, _HEAD, _CHUNK_SIZE, _CHUNK_END, _TRAILERS = range(8)


class ResponseParser:
    __slots__ = (
        "_buffer",
        "_head_only",
        "_left",
        "_next",
        "body",
        "body_bytes",
        "keep_alive",
        "status",
    )

    def __init__(self, method: str = "GET", *, keep_body: bool = False) -> None:
        self._head_only = method == "HEAD"
        self.body: bytearray | None = bytearray() if keep_body else None
        self.reset()

    def reset(self) -> None:
        """Ready for the next answer on the same connection."""
        self._buffer = b""
        self._next = _HEAD
        self._left = 0  # bytes of this body, or of this chunk, that are still to come
        self.status = 0
        self.body_bytes = 0
        self.keep_alive = False
        if self.body is not None:
            self.body = bytearray()

    @property
    def begun(self) -> bool:
        """Whether any byte of the answer has come."""
        return self.status != 0 or bool(self._buffer)

    def receive_data(self, data: bytes) -> bool:
        """True once the answer is whole. Raises ResponseError, and is of no use afterwards."""
        if self._buffer:
            data = self._buffer + data
            self._buffer = b""
        while data:
            if self._next < _WHOLE:
                data = self._take_body(data)
            elif self._next == _WHOLE:
                raise ResponseError(f"{len(data)} bytes behind the answer's end")
            else:
                rest = self._take_head(data) if self._next == _HEAD else self._take_line(data)
                if rest is None:
                    self._buffer = data
                    return False
                data = rest
        return self._next == _WHOLE

    def receive_end(self) -> bool:
        """The peer has closed: True where that is how the answer ends, False where it is cut."""
        if self._next == _REST:
            self._next = _WHOLE
        return self._next == _WHOLE

    def _take_head(self, data: bytes) -> bytes | None:
        head = read_head(data)
        if head is None:
            return None
        end, status, length, self.keep_alive = head
        if status < 200:  # RFC 9110, 15.2: interim; another head follows
            if status == 101:
                raise ResponseError("switches protocols, which nobody asked for")
            return data[end:]
        self.status = status
        if self._head_only or status in {204, 304}:  # 6.3, 1
            self._next = _WHOLE
        elif length > 0:
            self._left = length
            self._next = _BODY
        elif length == TO_THE_END:
            self.keep_alive = False
            self._next = _REST
        else:
            self._next = _CHUNK_SIZE if length == CHUNKED else _WHOLE
        return data[end:]

    def _take_body(self, data: bytes) -> bytes:
        rest = b""
        if self._next != _REST:
            if len(data) > self._left:
                data, rest = data[: self._left], data[self._left :]
            self._left -= len(data)
            if not self._left:
                self._next = _WHOLE if self._next == _BODY else _CHUNK_END
        self.body_bytes += len(data)
        if self.body is not None:
            self.body += data
        return rest

    def _take_line(self, data: bytes) -> bytes | None:
        """What stands between the chunks, and behind the last one."""
        if self._next == _CHUNK_END:
            if not b"\r\n".startswith(data[:2]):
                raise ResponseError("a chunk is longer than its size says")
            if len(data) < 2:
                return None
            self._next = _CHUNK_SIZE
            return data[2:]
        in_trailer = self._next == _TRAILERS
        line = (_TRAILER if in_trailer else _CHUNK).match(data)
        if line is None:
            ended = b"\r\n\r\n" in data or data[:2] == b"\r\n" if in_trailer else b"\n" in data
            if ended or len(data) > LINE_LIMIT:
                raise ResponseError(f"bad {'trailer' if in_trailer else 'chunk'}: {data[:40]!r}")
            return None
        if in_trailer:
            self._next = _WHOLE
        else:
            self._left = int(line[1], 16)
            self._next = _CHUNK_DATA if self._left else _TRAILERS
        return data[line.end() :]
