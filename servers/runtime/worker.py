"""A worker that blocks: it belongs to one peer until that peer hangs up.

This is the whole conversation of the iterative, forking, pre-forked, threaded and pre-threaded
models: recv -> receive_data -> application -> data_to_send -> send, again while the connection
lasts. What the application waits for, the worker waits for on the spot. It loses to an event loop
when peers are many and slow: each of them holds a whole worker.
"""

from __future__ import annotations

from socket import SO_RCVTIMEO, SOL_SOCKET
from time import monotonic, sleep

from servers.app.effects import Redis, RedisUnavailable, Sleep
from servers.http1 import CONTINUE, Connection, ProtocolError, Response
from servers.runtime.clock import date_line
from servers.runtime.linger import RECEIVE_BYTES, linger
from servers.runtime.listener import set_receive_timeout, timeval
from servers.runtime.redis import RedisLine
from servers.runtime.spin import spin
from servers.runtime.transfer import STEPS, send_whole

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

    __slots__ = ("_app", "_drain", "_patience", "_redis", "_settings", "_step", "_tally")

    def __init__(self, app: Application, settings: Settings, tally: Tally, drain: Drain) -> None:
        self._app, self._settings, self._tally, self._drain = app, settings, tally, drain
        self._redis = RedisLine(*settings.redis)
        self._step = STEPS[settings.transfer]
        self._patience = timeval(settings.idle_timeout)

    def converse(self, client: socket.socket) -> None:
        """Serve this peer until it hangs up, is refused, or is silent for too long; then close."""
        self._tally.accepted()
        self._drain.idle(client)
        try:
            client.setsockopt(SOL_SOCKET, SO_RCVTIMEO, self._patience)
            self._requests(client, Connection(self._settings.limits))
        except OSError:
            pass  # the peer left, or stalled: EPIPE, ECONNRESET, EAGAIN after a timeout
        finally:
            self._drain.busy(client)
            client.close()

    def _requests(self, client: socket.socket, connection: Connection) -> None:
        request: Request | None = None
        try:
            while True:
                request = connection.next_request() or self._next(client, connection)
                if request is None:
                    return
                self._drain.busy(client)
                answer = self._app(request)
                if type(answer) is not Response:
                    answer = self._perform(answer)  # type: ignore[arg-type]
                self._send(client, connection, answer, request.path)
                if connection.close_after:
                    return
                self._drain.idle(client)
        except ProtocolError as refusal:
            self._send(client, connection, refusal.response(), b"")
            linger(client)

    def _next(self, client: socket.socket, connection: Connection) -> Request | None:
        """The next request off the wire; None where the peer hung up or said nothing."""
        if not connection.mid_message:
            data = client.recv(RECEIVE_BYTES)
            if not data:
                return None
            request = connection.receive_data(data)
            if request is not None:
                return request
        # It did not come in one piece: from here the time for the whole of it runs.
        self._drain.busy(client)
        deadline_s = monotonic() + self._settings.header_timeout
        try:
            while (left_s := deadline_s - monotonic()) > 0:
                if connection.wants_continue:
                    client.sendall(CONTINUE)
                    connection.continued()
                set_receive_timeout(client, left_s)
                data = client.recv(RECEIVE_BYTES)
                if not data:
                    return None
                request = connection.receive_data(data)
                if request is not None:
                    client.setsockopt(SOL_SOCKET, SO_RCVTIMEO, self._patience)
                    return request
        except BlockingIOError:
            pass
        raise ProtocolError(408, "the request did not arrive in time")

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
            send_whole(self._step, client, data, file, self._settings.idle_timeout)
        except OSError:
            self._tally.aborted()
            raise
        self._tally.answered(path, response.status)
