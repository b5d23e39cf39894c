"""The event loop's line to Redis: one connection, the commands of many requests pipelined in it.

Redis answers in the order of the commands, so a queue of calls is all that matches replies to
requests. Redis is given up when it says nothing for `TIMEOUT_S` while something is due; behind
thousands of other requests a reply may take longer than that. Where the line breaks, everyone in
the queue learns that Redis is away (their commands may or may not have been carried out: nothing is
sent twice), and the next request connects anew. Looking the name up is the one thing here that
blocks; it happens once, and after a failure.
"""

from __future__ import annotations

import errno
import select
import socket
from collections import deque

from servers.app.effects import RedisUnavailable
from servers.runtime.redis_protocol import (
    MORE,
    RECEIVE_BYTES,
    TIMEOUT_S,
    HiredisError,
    ProtocolError,
    forget,
    locate,
    new_reader,
    packed,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servers.app.effects import Reply
    from servers.runtime.eventloop.loop import Loop

    Resume = Callable[[list[Reply] | RedisUnavailable], None]


class _Call:
    """A request that waits for `count` replies."""

    __slots__ = ("count", "replies", "resume")

    def __init__(self, count: int, resume: Resume) -> None:
        self.count, self.resume = count, resume
        self.replies: list[Reply] = []


class RedisPipe:
    """Commands in, replies out, through the readiness of one socket."""

    __slots__ = ("_address", "_calls", "_heard_s", "_line", "_loop", "_outgoing", "_reader")

    def __init__(self, loop: Loop, address: tuple[str, int]) -> None:
        self._loop, self._address = loop, address
        self._line: socket.socket | None = None
        self._calls: deque[_Call] = deque()
        self._outgoing = bytearray()
        self._heard_s = (
            0.0  # when Redis last said something, or was first asked, on the loop's clock
        )

    def call(self, commands: tuple[tuple[bytes, ...], ...], resume: Resume) -> None:
        """Send the commands; `resume` is called with the replies, or with RedisUnavailable.

        Never from within this call: a handler that asked again and again would nest without bound.
        """
        if not self._calls:
            self._heard_s = self._loop.now_s
        self._calls.append(_Call(len(commands), resume))
        if self._line is None and not self._connect():
            self._loop.next_turn(self._break)
        else:
            self._outgoing += packed(commands)
            self._write()

    def expire(self) -> None:
        """Give up on a Redis that says nothing. What has arrived is read first."""
        if self._is_late():
            self._read()
            if self._is_late():
                self._break()

    def _is_late(self) -> bool:
        return bool(self._calls) and self._heard_s + TIMEOUT_S <= self._loop.now_s

    def _connect(self) -> bool:
        address = locate(*self._address)
        if address is None:
            return False
        self._line = line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = new_reader()
        if line.connect_ex(address) not in (0, errno.EINPROGRESS):
            return False
        self._loop.watch(line.fileno(), select.POLLIN, self._ready)
        return True

    def _write(self) -> None:
        line = self._line
        if line is None or not self._outgoing:
            return
        try:
            del self._outgoing[: line.send(self._outgoing)]
        except BlockingIOError:
            pass  # connecting still, or its buffer is full
        except OSError as error:
            if error.errno != errno.ENOTCONN:
                self._outgoing.clear()  # the line is broken: reading from it will say so
        interest = select.POLLIN | (select.POLLOUT if self._outgoing else 0)
        self._loop.watch(line.fileno(), interest, self._ready)

    def _ready(self, events: int) -> bool:
        if events & select.POLLOUT:
            self._write()
        return bool(events & ~select.POLLOUT) and self._read()

    def _read(self) -> bool:
        """Take what has arrived. True if more may lie there."""
        line = self._line
        if line is None:
            return False
        try:
            data = line.recv(RECEIVE_BYTES)
            if data:
                self._heard_s = self._loop.now_s
                self._reader.feed(data)
                while (reply := self._reader.gets()) is not MORE:
                    self._deliver(reply)
                return True
        except BlockingIOError:
            return False
        except (OSError, HiredisError):
            pass
        self._break()
        return False

    def _deliver(self, reply: Reply) -> None:
        if not self._calls:
            raise ProtocolError("a reply that nobody asked for")
        call = self._calls[0]
        call.replies.append(reply)
        if len(call.replies) == call.count:
            self._calls.popleft()
            call.resume(call.replies)

    def _break(self) -> None:
        """Hang up. Whoever waits learns it; a handler may call again: that opens the next line."""
        if self._line is not None:
            self._loop.forget(self._line.fileno())
            self._line.close()
            self._line = None
        if self._calls:
            forget(*self._address)
        calls, self._calls, self._outgoing = self._calls, deque(), bytearray()
        for call in calls:
            call.resume(RedisUnavailable())
