"""A handler that waits, in an event loop: its effects are begun here, and it goes on when they end.

Spin is the exception: burning the CPU cannot be handed to anyone, so it stops the loop, as a
handler that computes does.
"""

from __future__ import annotations

from servers.app.effects import RedisUnavailable, Sleep, Spin
from servers.runtime.clock import date_line
from servers.runtime.spin import spin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from servers.app.effects import Effect, Reply
    from servers.http1 import Response
    from servers.runtime.eventloop.service import Service


class PendingEffect:
    """One handler's generator, driven from effect to effect; `answered` gets its response."""

    __slots__ = ("_answered", "_handler", "_service")

    def __init__(
        self,
        service: Service,
        handler: Generator[Effect, Any, Response],
        answered: Callable[[Response], None],
    ) -> None:
        self._service, self._answered = service, answered
        self._handler: Generator[Effect, Any, Response] | None = handler

    def resume(self, reply: list[Reply] | RedisUnavailable | None = None) -> None:
        """Go on with the handler until it waits again or has its response."""
        handler = self._handler
        if handler is None:
            return  # the client left meanwhile
        try:
            while True:
                if isinstance(reply, RedisUnavailable):
                    effect = handler.throw(reply)
                else:
                    effect = handler.send(reply)
                if not isinstance(effect, Spin):
                    break
                spin(effect.seconds)
                self._service.loop.date = date_line()  # the turn's own has grown old
                reply = None
        except StopIteration as done:
            self._handler = None
            self._answered(done.value)
            return
        if isinstance(effect, Sleep):
            self._service.loop.after(effect.seconds, self.resume)
        else:
            self._service.redis.call(effect.commands, self.resume)

    def cancel(self) -> None:
        """Nobody waits for this answer any more. What comes back for it is dropped."""
        if self._handler is not None:
            self._handler.close()
            self._handler = None
