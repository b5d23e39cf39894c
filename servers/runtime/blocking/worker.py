"""A worker that blocks: it belongs to one peer until that peer hangs up.

This is the whole conversation of the iterative, forking, pre-forked, threaded and pre-threaded
models: recv -> receive_data -> application -> data_to_send -> send, again while the connection
lasts. What the application waits for, the worker waits for on the spot. Each client holds a whole
worker, the slow ones longest: where clients are many and slow, an event loop serves more of them.
"""

from __future__ import annotations

from socket import SO_RCVTIMEO, SOL_SOCKET
from time import monotonic, sleep

from servers.app.effects import Redis, RedisUnavailable, Sleep
from servers.http1 import CONTINUE, Connection, ProtocolError, Response
from servers.runtime.blocking.closing import close_in_stages
from servers.runtime.blocking.redis_line import RedisLine
from servers.runtime.clock import date_line
from servers.runtime.closing import RECEIVE_BYTES, needs_stages
from servers.runtime.listener import set_receive_timeout, timeval
from servers.runtime.spin import spin
from servers.runtime.transfer import CHUNK_BYTES, STEPS, send_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Generator
    from typing import Any

    from servers.app import Application
    from servers.app.effects import Effect
    from servers.http1 import Request
    from servers.runtime.drain import Drain
    from servers.runtime.meter import Tally
    from servers.runtime.settings import Settings


class Worker:
    """What one worker keeps between conversations: its tally and its line to Redis."""

    __slots__ = ("_app", "_drain", "_idle_timeout", "_redis", "_send_some", "_settings", "_tally")

    def __init__(self, app: Application, settings: Settings, tally: Tally, drain: Drain) -> None:
        self._app, self._settings, self._tally, self._drain = app, settings, tally, drain
        self._redis = RedisLine(*settings.redis)
        self._send_some = STEPS[settings.transfer]
        self._idle_timeout = timeval(settings.idle_timeout)

    def serve_client(self, client: socket.socket) -> None:
        """Serve this client until it hangs up, is refused, or is silent too long; then close."""
        self._tally.accepted()
        self._drain.mark_idle(client)
        try:
            client.setsockopt(SOL_SOCKET, SO_RCVTIMEO, self._idle_timeout)
            self._answer_all(client, Connection(self._settings.limits))
        except OSError:
            pass  # the client left, or stalled: EPIPE, ECONNRESET, EAGAIN after a timeout
        finally:
            self._drain.mark_busy(client)
            client.close()

    def _answer_all(self, client: socket.socket, connection: Connection) -> None:
        request: Request | None = None
        try:
            while True:
                request = connection.next_request() or self._receive(client, connection)
                if request is None:
                    return
                self._drain.mark_busy(client)
                answer = self._app(request)
                if type(answer) is not Response:
                    answer = self._perform(answer)  # type: ignore[arg-type]
                self._send(client, connection, answer, request.path)
                if connection.close_after:
                    break
                self._drain.mark_idle(client)
        except ProtocolError as refusal:
            self._drain.mark_busy(client)
            answer = refusal.response()
            self._send(client, connection, answer, b"")
        if needs_stages(client, connection, answer):
            close_in_stages(client)

    def _receive(self, client: socket.socket, connection: Connection) -> Request | None:
        """The next request off the wire; None where the client hung up or said nothing."""
        while not connection.mid_message:
            data = client.recv(RECEIVE_BYTES)
            if not data:
                return None
            request = connection.receive_data(data)
            if request is not None:
                return request
        # It did not come in one piece: from here its time runs.
        self._drain.mark_busy(client)
        try:
            return self._receive_rest(client, connection)
        except BlockingIOError as nothing_came:
            raise ProtocolError(408, "the request did not arrive in time") from nothing_came

    def _receive_rest(self, client: socket.socket, connection: Connection) -> Request | None:
        """The request that has begun; BlockingIOError where it does not arrive in time.

        The deadline runs from its first byte, and each 64 KiB of it put the deadline off once more.
        """
        deadline_s = monotonic() + self._settings.header_timeout
        left = CHUNK_BYTES
        while True:
            if connection.wants_continue:
                client.sendall(CONTINUE)
                connection.continued()
            # Where no time is left, what has arrived already is read all the same.
            left_s = deadline_s - monotonic()
            set_receive_timeout(client, left_s)
            data = client.recv(RECEIVE_BYTES)
            if not data:
                return None
            request = connection.receive_data(data)
            if request is not None:
                client.setsockopt(SOL_SOCKET, SO_RCVTIMEO, self._idle_timeout)
                return request
            left -= len(data)
            if left <= 0:
                left += CHUNK_BYTES
                deadline_s += self._settings.header_timeout
            elif left_s <= 0:
                raise BlockingIOError

    def _perform(self, handler: Generator[Effect, Any, Response]) -> Response:
        """Wait for whatever the handler waits for, on the spot, until it has its response."""
        try:
            effect = next(handler)
            while True:
                if isinstance(effect, Redis):
                    try:
                        reply = self._redis.call(effect.commands)
                    except RedisUnavailable as away:
                        effect = handler.throw(away)
                    else:
                        effect = handler.send(reply)
                else:
                    wait = sleep if isinstance(effect, Sleep) else spin
                    wait(effect.seconds)
                    effect = handler.send(None)
        except StopIteration as done:
            response: Response = done.value
            return response

    def _send(
        self, client: socket.socket, connection: Connection, response: Response, path: bytes
    ) -> None:
        if self._drain.requested or not self._settings.keepalive:
            connection.closing()
        data, file = connection.data_to_send(response, date_line())
        try:
            send_whole(self._send_some, client, data, file, self._settings.idle_timeout)
        except OSError:
            self._tally.aborted()
            raise
        self._tally.answered(path, response.status)
