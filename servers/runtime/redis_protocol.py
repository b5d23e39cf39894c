"""What every line to Redis needs: its address, commands to bytes, bytes to replies (hiredis).

Without hiredis no line is ever opened: Redis is away, and the guestbook answers 503.
"""

from __future__ import annotations

import socket

try:
    import hiredis
except ImportError:
    HIREDIS = False
    HiredisError: type[Exception] = OSError
    ProtocolError: type[Exception] = OSError
else:
    HIREDIS = True
    HiredisError, ProtocolError = hiredis.HiredisError, hiredis.ProtocolError

TIMEOUT_S = 2.0
RECEIVE_BYTES = 65536
MORE: object = object()

# Where a name was last found. Kept by the process that forks, so that a child need not ask again.
_found: dict[tuple[str, int], tuple[str, int]] = {}


def locate(host: str, port: int) -> tuple[str, int] | None:
    """Look the name up, once until `forget`. None where nobody knows it now, or without hiredis."""
    if not HIREDIS:
        return None
    if (host, port) not in _found:
        try:
            _found[host, port] = (socket.gethostbyname(host), port)
        except OSError:
            return None
    return _found[host, port]


def forget(host: str, port: int) -> None:
    """What was found did not answer: look the name up again next time."""
    _found.pop((host, port), None)


def packed(commands: tuple[tuple[bytes, ...], ...]) -> bytes:
    """The commands as one pipeline in the Redis serialization protocol."""
    return b"".join(hiredis.pack_command(command) for command in commands)  # type: ignore[arg-type]


def new_reader() -> hiredis.Reader:
    """A parser that says MORE where a reply is not complete."""
    return hiredis.Reader(notEnoughData=MORE)
