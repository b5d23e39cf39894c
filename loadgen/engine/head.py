"""The head of a response: one grammar, composed of RFC 9112's pieces (and 9110's, where said).

`read_head` tries the usual shape first (one Content-Length, at most one plain Connection before
and after it, no Transfer-Encoding: 1.3 us), then any legal head, where what frames the message is
sought field by field.
"""

from __future__ import annotations

import re

LIMIT = 64 * 1024
CHUNKED = -1  # instead of a length
TO_THE_END = -2  # the body ends where the connection does

TEXT = rb"[\t\x20-\x7e\x80-\xff]*+"
FIELD = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]++:" + TEXT + rb"\r\n"  # 5: no space before the colon
_REASON = rb"(?: " + TEXT + rb")?\r\n"
_HEAD = re.compile(  # 4 and 5: version, status, fields
    rb"HTTP/1\.([01]) ([1-5][0-9][0-9])" + _REASON + rb"((?:" + FIELD + rb")*+)\r\n"
)
_FRAMING = re.compile(
    rb"^(connection|content-length|transfer-encoding):(" + TEXT + rb")\r$", re.MULTILINE
)
_OTHERS = rb"(?:(?!(?i:connection|content-length|transfer-encoding):)" + FIELD + rb")*+"
_CONNECTION = rb"(?:Connection: (close|keep-alive)\r\n)?+"
_USUAL = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9][0-9])"
    + _REASON
    + (_OTHERS + _CONNECTION + _OTHERS + rb"Content-Length: ([0-9]{1,15})\r\n")
    + (_OTHERS + _CONNECTION + _OTHERS + rb"\r\n")
)


class ResponseError(Exception):
    """What came is not HTTP/1.1, or not the answer to one request."""


def read_head(data: bytes) -> tuple[int, int, int, bool] | None:
    """(bytes of the head, status, length of the body, whether the connection stays), or None
    while more is needed. The length is a response's to a GET; HEAD, 204 and 304 have no body."""
    if b"\r\n\r\n" not in data and b"\n\n" not in data:
        if len(data) > LIMIT or not b"HTTP/1.".startswith(data[:7]):
            raise ResponseError(f"no HTTP/1.1 head: {data[:40]!r}")
        return None
    usual = _USUAL.match(data)
    if usual is not None:
        status, before, length, after = usual.groups()
        return usual.end(), int(status), int(length), before != b"close" != after
    head = _HEAD.match(data)
    if head is None:
        raise ResponseError(f"no HTTP/1.1 head: {data[:40]!r}")
    return head.end(), int(head[2]), *_framing(head[1] == b"1", head[3].lower())


def _framing(http11: bool, fields: bytes) -> tuple[int, bool]:
    """6.3: how long the body is; 9.3: whether the connection stays."""
    length = TO_THE_END
    chunked = False
    persistent = http11
    for name, text in _FRAMING.findall(fields):
        value = text.strip(b"\t ")
        if name == b"content-length":
            if not value.isdigit() or len(value) > 15 or length not in (TO_THE_END, int(value)):
                raise ResponseError(f"bad Content-Length: {value[:40]!r}")
            length = int(value)
        elif name == b"connection":
            options = [option.strip() for option in value.split(b",")]
            persistent = b"close" not in options and (persistent or b"keep-alive" in options)
        elif value != b"chunked" or chunked or not http11:  # 6.1, 6.2: never in HTTP/1.0
            raise ResponseError(f"bad Transfer-Encoding: {value[:40]!r}")
        else:
            chunked = True
    if chunked and length != TO_THE_END:  # 6.3, 3: might be smuggling
        raise ResponseError("both Content-Length and Transfer-Encoding")
    if chunked:
        return CHUNKED, persistent
    return length, persistent
