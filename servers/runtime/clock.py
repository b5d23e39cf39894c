"""The Date line of responses (RFC 9110 6.6.1), made anew once a second."""

from __future__ import annotations

from time import time

from servers.http1 import http_date

_made_at = 0
_line = b""


def date_line() -> bytes:
    """The field line `Date: ...` with its CRLF, for this second.

    Two threads that see a new second at once both make the same line: no lock is needed.
    """
    global _made_at, _line  # noqa: PLW0603 - one clock per process
    now = int(time())
    if now != _made_at:
        _line = b"Date: " + http_date(now) + b"\r\n"
        _made_at = now
    return _line
