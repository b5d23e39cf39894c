"""One client of an event loop: the conversation as a state machine that never waits.

    reading -> (application) -> sending -> reading ...         while the connection lasts
                     |  ^
                     v  | an effect was done
                  waiting

It reads only while it has nothing to send: a peer that takes no answers cannot pile up requests
(backpressure). Each state has a deadline but waiting, which the effect itself bounds.
"""

from __future__ import annotations

import select
import socket
from math import inf

from servers.app.effects import Redis, RedisUnavailable, Sleep
from servers.http1 import CONTINUE, Connection, ProtocolError, Response
from servers.runtime.clock import date_line
from servers.runtime.spin import spin
from servers.runtime.transfer import NOTHING_LEFT, STEPS, allowance_s
from servers.runtime.worker import LINGER_BYTES, LINGER_S, RECEIVE_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from servers.app.effects import Effect, Reply
    from servers.http1 import Request
    from servers.runtime.reactor import Reactor

READ, WRITE, HANG_UP = select.POLLIN, select.POLLOUT, select.POLLHUP | select.POLLERR


class Exchange:
    """The conversation with one client. `deadline_s` is on the reactor's clock."""

    __slots__ = (
        "_connection",
        "_data",
        "_file",
        "_handler",
        "_linger_left",
        "_path",
        "_reactor",
        "_recv",
        "_status",
        "_step",
        "_timeout_s",
        "client",
        "deadline_s",
        "idle",
    )

    def __init__(self, reactor: Reactor, client: socket.socket) -> None:
        self._reactor, self.client, self._recv = reactor, client, client.recv
        self._connection = Connection(reactor.settings.limits)
        self._step = STEPS[reactor.settings.transfer]
        self._timeout_s = reactor.settings.idle_timeout
        self._handler: Generator[Effect, Any, Response] | None = None
        self._data, self._file = NOTHING_LEFT
        self._linger_left = 0
        self.deadline_s = reactor.now_s + self._timeout_s
        self.idle = True

    # Reading ----------------------------------------------------------------------------------

    def readable(self, _events: int) -> None:
        """Bytes, the end, or nothing after all."""
        try:
            data = self._recv(RECEIVE_BYTES)
        except BlockingIOError:
            self._reactor.watch(self.client.fileno(), READ, self.readable)
            return
        except OSError:
            self.close()
            return
        if not data:
            self.close()
            return
        try:
            request = self._connection.receive_data(data)
            if request is not None:
                self._serve(request)
            else:
                self._await_rest()
        except ProtocolError as refusal:
            self._refuse(refusal)

    def _await_rest(self) -> None:
        """A request has begun: its deadline runs from its first byte, and is not put off."""
        if self.idle:
            self.idle = False
            self.deadline_s = self._reactor.now_s + self._reactor.settings.header_timeout
        if self._connection.wants_continue:
            self._connection.continued()
            try:
                self.client.send(CONTINUE)  # 25 bytes into an empty buffer: whole or the peer left
            except OSError:
                self.close()
                return
        self._reactor.watch(self.client.fileno(), READ, self.readable)

    def _serve(self, request: Request | None) -> None:
        """Answer this request and those that arrived behind it, as far as it goes without a wait."""
        while request is not None:
            self.idle = False
            self._path = request.path
            answer = self._reactor.app(request)
            if type(answer) is not Response:
                self._handler = answer  # type: ignore[assignment]
                self.deadline_s = inf
                self._resume(None)
                return
            if not self._respond(answer):
                return
            request = self._connection.next_request()
        if self._connection.mid_message:
            self.idle = True  # so that the deadline of the begun request runs from now
            self._await_rest()
            return
        self.idle = True
        self.deadline_s = self._reactor.now_s + self._timeout_s
        if self._reactor.drain.requested:
            self.close()
            return
        self._reactor.watch(self.client.fileno(), READ, self.readable)

    # Waiting ----------------------------------------------------------------------------------

    def _resume(self, reply: list[Reply] | RedisUnavailable | None) -> None:
        """Go on with the handler until it waits again or has its response."""
        handler = self._handler
        if handler is None:
            return  # the peer left meanwhile
        try:
            while True:
                thrown = type(reply) is RedisUnavailable
                effect = handler.throw(reply) if thrown else handler.send(reply)  # type: ignore[arg-type]
                if type(effect) is Redis:
                    self._await_effect()
                    self._reactor.redis.call(effect.commands, self._resume)
                    return
                if type(effect) is Sleep:
                    self._await_effect()
                    self._reactor.after(effect.seconds, lambda: self._resume(None))
                    return
                spin(effect.seconds)
                reply = None
        except StopIteration as done:
            self._handler = None
            if self._respond(done.value):
                self._go_on()

    def _await_effect(self) -> None:
        self._reactor.watch(self.client.fileno(), 0, self._disturbed)

    def _disturbed(self, events: int) -> None:
        """The peer is gone while its answer was still being made."""
        if events & HANG_UP:
            self._reactor.tally.aborted()
            self.close()

    def _go_on(self) -> None:
        try:
            self._serve(self._connection.next_request())
        except ProtocolError as refusal:
            self._refuse(refusal)

    # Sending ----------------------------------------------------------------------------------

    def _respond(self, response: Response) -> bool:
        """Send what the kernel takes. True if that was all and the connection goes on."""
        reactor, connection = self._reactor, self._connection
        if reactor.drain.requested or not reactor.settings.keepalive:
            connection.closing()
        self._status = response.status
        data, file = connection.data_to_send(response, date_line())
        try:
            data, file = self._step(self.client, data, file)
        except BlockingIOError:
            pass
        except OSError:
            self._abort()
            return False
        if data or file is not None:
            self._data, self._file = data, file
            self.deadline_s = reactor.now_s + allowance_s(self._timeout_s, data, file)
            reactor.watch(self.client.fileno(), WRITE, self._writable)
            return False
        return self._sent()

    def _writable(self, _events: int) -> None:
        try:
            self._data, self._file = self._step(self.client, self._data, self._file)
        except BlockingIOError:
            return
        except OSError:
            self._abort()
            return
        if not self._data and self._file is None and self._sent():
            self._go_on()

    def _sent(self) -> bool:
        """The answer is with the kernel. True if the connection goes on."""
        self._reactor.tally.answered(self._path, self._status)
        if self._linger_left:
            self._begin_linger()
            return False
        if self._connection.close_after:
            self.close()
            return False
        return True

    # Ending -----------------------------------------------------------------------------------

    def expire(self) -> None:
        """The deadline has passed: a begun request is told so, whoever else is just hung up on."""
        if self._data or self._file is not None:
            self._abort()
        elif not self.idle and not self._linger_left:
            self._refuse(ProtocolError(408, "the request did not arrive in time"))
        else:
            self.close()

    def _refuse(self, refusal: ProtocolError) -> None:
        self._path = b""
        self._linger_left = LINGER_BYTES
        self._respond(refusal.response())

    def _begin_linger(self) -> None:
        """Closing with bytes unread resets the connection: read on for a while (RFC 9112 9.6)."""
        self.deadline_s = self._reactor.now_s + LINGER_S
        try:
            self.client.shutdown(socket.SHUT_WR)
        except OSError:
            self.close()
            return
        self._reactor.watch(self.client.fileno(), READ, self._discard)

    def _discard(self, _events: int) -> None:
        try:
            data = self._recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._linger_left -= len(data)
        if not data or self._linger_left <= 0:
            self.close()

    def _abort(self) -> None:
        self._reactor.tally.aborted()
        self.close()

    def close(self) -> None:
        """Hang up and let go of everything. A handler that still waits is closed."""
        descriptor = self.client.fileno()
        if descriptor < 0:
            return
        if self._handler is not None:
            self._handler.close()
            self._handler = None
        self._reactor.forget(descriptor)
        del self._reactor.exchanges[descriptor]
        self.client.close()
