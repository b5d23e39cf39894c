"""A handler that waits, in an event loop: its effects are begun here, and it is resumed when done.

Spin is the exception: burning the CPU cannot be handed to anyone, so it stops the loop, as a
handler that computes does.
"""

from __future__ import annotations

import select

from servers.app.effects import RedisUnavailable, Sleep, Spin
from servers.runtime.spin import spin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from servers.app.effects import Effect, Reply
    from servers.http1 import Response
    from servers.runtime.exchange import Exchange
    from servers.runtime.reactor import Reactor

HANG_UP = select.POLLHUP | select.POLLERR


class Waiting:
    """One handler's generator, driven through its effects to its response."""

    __slots__ = ("_exchange", "_handler", "_reactor")

    def __init__(
        self, reactor: Reactor, exchange: Exchange, handler: Generator[Effect, Any, Response]
    ) -> None:
        self._reactor, self._exchange = reactor, exchange
        self._handler: Generator[Effect, Any, Response] | None = handler

    def resume(self, reply: list[Reply] | RedisUnavailable | None = None) -> None:
        """Go on with the handler until it waits again or has its response."""
        handler = self._handler
        if handler is None:
            return  # the peer left meanwhile
        try:
            while True:
                if isinstance(reply, RedisUnavailable):
                    effect = handler.throw(reply)
                else:
                    effect = handler.send(reply)
                if isinstance(effect, Spin):
                    spin(effect.seconds)
                    reply = None
                    continue
                if isinstance(effect, Sleep):
                    self._reactor.after(effect.seconds, self.resume)
                else:
                    self._reactor.redis.call(effect.commands, self.resume)
                break
        except StopIteration as done:
            self._handler = None
            self._exchange.answered(done.value)
            return
        if self._handler is not None:
            self._exchange.wait_for(0, self._disturbed)

    def _disturbed(self, events: int) -> None:
        """The peer is gone while its answer was still being made."""
        if events & HANG_UP:
            self._exchange.abort()

    def close(self) -> None:
        """Nobody waits for this answer any more. What comes back for it is dropped."""
        if self._handler is not None:
            self._handler.close()
            self._handler = None
