"""The event loop's line to Redis: one connection, the commands of many requests pipelined in it.

Redis answers in the order of the commands, so a queue of waiters is all that matches replies to
requests. Where the line breaks, everyone in the queue learns that Redis is away (their commands may
or may not have been carried out: nothing is sent twice), and the next request connects anew.
Looking the name up is the one thing here that blocks; it happens once, and after a failure.
"""

from __future__ import annotations

import errno
import select
import socket
from collections import deque

import hiredis

from servers.app.effects import RedisUnavailable
from servers.runtime.redis import MORE, RECEIVE_BYTES, TIMEOUT_S, forget, locate, new_reader, packed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servers.app.effects import Reply
    from servers.runtime.reactor import Reactor

    Resume = Callable[[list[Reply] | RedisUnavailable], None]


class _Waiter:
    """A request that waits for `count` replies until `deadline_s`."""

    __slots__ = ("count", "deadline_s", "replies", "resume")

    def __init__(self, count: int, deadline_s: float, resume: Resume) -> None:
        self.count, self.deadline_s, self.resume = count, deadline_s, resume
        self.replies: list[Reply] = []


class RedisPipe:
    """Commands in, replies out, through the readiness of one socket."""

    __slots__ = ("_address", "_line", "_outgoing", "_reactor", "_reader", "_waiters")

    def __init__(self, reactor: Reactor, address: tuple[str, int]) -> None:
        self._reactor, self._address = reactor, address
        self._line: socket.socket | None = None
        self._waiters: deque[_Waiter] = deque()
        self._outgoing = b""

    def call(self, commands: tuple[tuple[bytes, ...], ...], resume: Resume) -> None:
        """Send the commands; `resume` is called with the replies, or with RedisUnavailable."""
        deadline_s = self._reactor.now_s + TIMEOUT_S
        self._waiters.append(_Waiter(len(commands), deadline_s, resume))
        self._outgoing += packed(commands)
        if self._line is None and not self._connect():
            self._break()
            return
        self._write()

    def expire(self) -> None:
        """Give up on a Redis that lets its oldest waiter wait for too long."""
        if self._waiters and self._waiters[0].deadline_s <= self._reactor.now_s:
            self._break()

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
        self._reactor.watch(line.fileno(), select.POLLIN, self._ready)
        return True

    def _write(self) -> None:
        line = self._line
        if line is None or not self._outgoing:
            return
        try:
            self._outgoing = self._outgoing[line.send(self._outgoing) :]
        except BlockingIOError:
            pass  # connecting still, or its buffer is full
        except OSError as error:
            if error.errno != errno.ENOTCONN:
                self._break()
                return
        interest = select.POLLIN | (select.POLLOUT if self._outgoing else 0)
        self._reactor.watch(line.fileno(), interest, self._ready)

    def _ready(self, events: int) -> None:
        if self._line is None:
            return
        if events & select.POLLOUT:
            self._write()
        if events & ~select.POLLOUT:
            self._read(self._line)

    def _read(self, line: socket.socket) -> None:
        try:
            data = line.recv(RECEIVE_BYTES)
            if data:
                self._reader.feed(data)
                while (reply := self._reader.gets()) is not MORE:
                    self._deliver(reply)
                return
        except BlockingIOError:
            return
        except (OSError, hiredis.HiredisError):
            pass
        self._break()

    def _deliver(self, reply: Reply) -> None:
        waiter = self._waiters[0]
        waiter.replies.append(reply)
        if len(waiter.replies) == waiter.count:
            self._waiters.popleft()
            waiter.resume(waiter.replies)

    def _break(self) -> None:
        """Hang up. A waiter may call again at once: it belongs to the next line, not to this."""
        if self._line is not None:
            self._reactor.forget(self._line.fileno())
            self._line.close()
            self._line = None
        if self._waiters:
            forget(*self._address)
        waiters, self._waiters, self._outgoing = self._waiters, deque(), b""
        for waiter in waiters:
            waiter.resume(RedisUnavailable())
