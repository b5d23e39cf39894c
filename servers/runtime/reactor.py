"""What poll and epoll share around their wait: who is watched, for what, and until when.

The model waits; the reactor knows whom to call. Every descriptor has one handler. The listener's
takes new clients, a client's is its exchange, the line to Redis has its own. Level-triggered: a
handler that leaves something unread or unsent is simply called again. An event that was meant for a
descriptor closed and opened anew within one round reaches its new owner, who finds nothing to read.
"""

from __future__ import annotations

import errno
import heapq
import select
from itertools import count
from math import inf
from time import monotonic

from servers.runtime.clock import date_line
from servers.runtime.drain import Drain, hang_up_when_read
from servers.runtime.exchange import Exchange
from servers.runtime.listener import NO_ROOM, NO_ROOM_PAUSE_S, OF_ONE_CLIENT
from servers.runtime.redis_pipe import RedisPipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from servers.app import Application
    from servers.runtime.linger import Linger
    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings

    Handler = Callable[[int], None]  # what is ready, as poll(2) has it

ACCEPT_BURST = 64  # clients taken in one go before those that came earlier are served again
SWEEP_S = 0.5  # the grain of idle timeouts


class Reactor:
    """Handlers, timers and connections of one event loop. `poller` is a select.poll or epoll."""

    def __init__(
        self,
        poller: select.poll | select.epoll,
        listener: socket.socket,
        app: Application,
        settings: Settings,
        meter: Meter,
    ) -> None:
        listener.setblocking(False)
        self.app, self.settings = app.__call__, settings
        self.tally = meter.tally(meter.take_row())
        self.drain = Drain(listener, settings.grace, meter)
        self.parting = not settings.keepalive  # whether each answer is its connection's last
        self.now_s = monotonic()
        self.date = date_line()  # of this round of events
        self.handlers: dict[int, Handler] = {}
        self.conversations: dict[int, Exchange | Linger] = {}
        self.redis = RedisPipe(self, settings.redis)
        self._poller, self._listener = poller, listener
        self._interests: dict[int, int] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()  # timers of one instant fire in the order they were set
        self._sweep_at_s = self.now_s + SWEEP_S
        self.watch(listener.fileno(), select.POLLIN, self._accept)

    @property
    def alive(self) -> bool:
        """False once the server is draining and the last connection is closed."""
        return bool(self.conversations) or not self.drain.requested

    def watch(self, descriptor: int, interest: int, handler: Handler) -> None:
        """Call `handler(events)` whenever this descriptor is ready for what interests us."""
        self.handlers[descriptor] = handler
        known = self._interests.get(descriptor)
        if known is None:
            self._poller.register(descriptor, interest)
        elif known != interest:
            self._poller.modify(descriptor, interest)
        self._interests[descriptor] = interest

    def forget(self, descriptor: int) -> None:
        """Stop watching. To be called before the descriptor is closed."""
        if self._interests.pop(descriptor, None) is not None:
            self._poller.unregister(descriptor)
            del self.handlers[descriptor]

    def close(self, client: socket.socket) -> None:
        """The conversation with this client is over."""
        descriptor = client.fileno()
        if descriptor >= 0:
            self.forget(descriptor)
            del self.conversations[descriptor]
            client.close()

    def after(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call `callback` once, when this time has passed.

        From now, not from `now_s`: that is older by as long as the poller waited for this round.
        """
        heapq.heappush(self._timers, (monotonic() + seconds, next(self._order), callback))

    def patience_s(self) -> float:
        """How long the model may wait for events before something else is due."""
        due_s = min(self._timers[0][0] if self._timers else inf, self._sweep_at_s)
        return max(0.0, due_s - monotonic())

    def expire(self) -> None:
        """Do what has become due: timers, and once in a while whoever has been silent too long."""
        self.now_s = now_s = monotonic()
        self.date = date_line()
        while self._timers and self._timers[0][0] <= now_s:
            heapq.heappop(self._timers)[2]()
        if now_s < self._sweep_at_s:
            return
        self._sweep_at_s = now_s + SWEEP_S
        self.redis.expire()
        for late in [talk for talk in self.conversations.values() if talk.deadline_s <= now_s]:
            late.expire()

    def _accept(self, _events: int) -> None:
        """Take the clients that wait, as many as there is room for."""
        for _ in range(ACCEPT_BURST):
            if len(self.conversations) >= self.settings.max_connections:
                self._pause()
                return
            try:
                client, _address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno == errno.EINVAL:
                    self._stop_listening()
                    return
                if error.errno in NO_ROOM:
                    self._pause()
                    return
                if error.errno in OF_ONE_CLIENT:
                    continue
                raise
            client.setblocking(False)
            self.tally.accepted()
            exchange = Exchange(self, client)
            self.conversations[client.fileno()] = exchange
            exchange.readable(0)  # its request has often arrived with it

    def _pause(self) -> None:
        """No room for one more: a listener that stays ready would only make the loop spin."""
        self.forget(self._listener.fileno())
        self.after(NO_ROOM_PAUSE_S, self._resume)

    def _resume(self) -> None:
        self.watch(self._listener.fileno(), select.POLLIN, self._accept)

    def _stop_listening(self) -> None:
        self.parting = True
        self.forget(self._listener.fileno())
        for conversation in self.conversations.values():
            if conversation.idle:
                hang_up_when_read(conversation.client)
