"""A blocking worker's own line to Redis: commands out in one write, replies parsed by hiredis.

The line is opened at the first need and again whenever it is found broken. A command is never sent
twice: INCR and RPUSH would count twice. So a broken line is looked for before the commands leave,
and a line that breaks afterwards means that Redis is away.
"""

from __future__ import annotations

import errno
import socket

from servers.app.effects import RedisUnavailable
from servers.runtime.listener import timeval
from servers.runtime.redis_protocol import (
    MORE,
    RECEIVE_BYTES,
    TIMEOUT_S,
    HiredisError,
    forget,
    locate,
    new_reader,
    packed,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.app.effects import Reply


class RedisLine:
    """A blocking connection that belongs to one worker."""

    __slots__ = ("_host", "_port", "_reader", "_socket")

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._socket: socket.socket | None = None

    def call(self, commands: tuple[tuple[bytes, ...], ...]) -> list[Reply]:
        """The replies, in order. Raises RedisUnavailable; then the next call connects anew."""
        try:
            line = self._open_line()
            line.sendall(packed(commands))
            replies: list[Reply] = []
            while len(replies) < len(commands):
                data = line.recv(RECEIVE_BYTES)
                if not data:
                    raise ConnectionResetError
                self._reader.feed(data)
                while (reply := self._reader.gets()) is not MORE:
                    replies.append(reply)
        except (OSError, HiredisError) as error:
            self.close()
            raise RedisUnavailable from error
        return replies

    def _open_line(self) -> socket.socket:
        if self._socket is not None and not _broken(self._socket):
            return self._socket
        self.close()
        try:
            self._socket = _connect(locate(self._host, self._port))
        except OSError:
            forget(self._host, self._port)  # it may have come back under another address
            self._socket = _connect(locate(self._host, self._port))
        self._reader = new_reader()
        return self._socket

    def close(self) -> None:
        """Hang up; the next call connects anew."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _connect(address: tuple[str, int] | None) -> socket.socket:
    if address is None:
        raise OSError(errno.EHOSTUNREACH, "nobody knows the name")
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            line.setsockopt(socket.SOL_SOCKET, option, timeval(TIMEOUT_S))
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _broken(line: socket.socket) -> bool:
    """Between two calls nothing is due: whatever can be read now is an end or an error."""
    try:
        line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True
