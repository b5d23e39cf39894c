"""A client's socket in the loop: watched, sent to, closed. The lower half of a conversation.

An answer is sent at once, as far as the kernel takes it; the rest goes when the client has taken
some (`Outgoing`). How a connection is closed after its last answer: `servers.runtime.closing`.
"""

from __future__ import annotations

import select
from abc import abstractmethod
from socket import SHUT_WR

from servers.http1 import Connection
from servers.runtime.closing import DISCARD_BYTES, DISCARD_S, RECEIVE_BYTES, needs_stages
from servers.runtime.eventloop.outgoing import Outgoing

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.http1 import Response
    from servers.runtime.eventloop.effect import PendingEffect
    from servers.runtime.eventloop.loop import Handler
    from servers.runtime.eventloop.service import Service

IDLE, READING, ANSWERING, WAITING, SENDING, CLOSING, CLOSED = (
    "nothing asked", "a request has begun", "in this turn", "for an effect, or for the next turn",
    "the client takes its answer", "until the client closes too", "over",
)  # fmt: skip


class Link:
    """One client's connection, and the state of its conversation."""

    __slots__ = (
        "_client", "_connection", "_effect", "_left", "_outgoing", "_path", "_receive", "_service",
        "_watching", "deadline_s", "state",
    )  # fmt: skip

    def __init__(self, service: Service, client: socket.socket) -> None:
        self._service, self._client, self._receive = service, client, client.recv
        self._connection = Connection(service.limits)
        self._effect: PendingEffect | None = None
        self._outgoing: Outgoing | None = None
        self._path = b""
        self._left = 0  # READING: bytes until the deadline is put off; CLOSING: until it is enough
        self._watching = False  # whether the loop calls `readable`
        self.state = IDLE
        self.deadline_s = service.loop.now_s + service.idle_timeout_s

    @abstractmethod
    def _go_on(self) -> None:
        """An answer that the kernel did not take at once is sent, and the connection goes on."""

    def _watch(self, interest: int, handler: Handler) -> None:
        self._watching = False
        self._service.loop.watch(self._client.fileno(), interest, handler)

    # Sending

    def _respond(self, response: Response) -> bool:
        """Send what the kernel takes. True if that was all and the connection goes on."""
        service = self._service
        if service.closing:
            self._connection.closing()
        data, file = self._connection.data_to_send(response, service.loop.date)
        try:
            data, file = service.send_some(self._client, data, file)
        except BlockingIOError:
            pass
        except OSError:
            self._abort()
            return False
        if not data and file is None:
            return self._sent(response)
        self._outgoing = Outgoing(
            response, service.send_some, (data, file), service.loop.now_s, service.idle_timeout_s
        )
        self.state, self.deadline_s = SENDING, self._outgoing.deadline_s
        self._watch(select.POLLOUT, self._writable)
        return False

    def _writable(self, _events: int) -> bool:
        """Send on. True if the kernel may take more."""
        outgoing = self._outgoing
        assert outgoing is not None  # SENDING
        try:
            done = outgoing.send(self._client, self._service.loop.now_s)
        except BlockingIOError:
            return False
        except OSError:
            self._abort()
            return False
        self.deadline_s = outgoing.deadline_s
        if done:
            self._outgoing = None
            self.state = ANSWERING
            if self._sent(outgoing.response):
                self._go_on()
        return not done

    def _sent(self, response: Response) -> bool:
        """The answer is with the kernel. True if the connection goes on."""
        self._service.tally.answered(self._path, response.status)
        if not self._connection.close_after:
            return True
        if needs_stages(self._client, self._connection, response):
            self._close_in_stages()
        else:
            self.close()
        return False

    # Closing

    def _close_in_stages(self) -> None:
        self.state, self._left = CLOSING, DISCARD_BYTES
        self.deadline_s = self._service.loop.now_s + DISCARD_S
        try:
            self._client.shutdown(SHUT_WR)
        except OSError:
            self.close()
        else:
            self._watch(select.POLLIN, self._discard)

    def _discard(self, _events: int) -> bool:
        try:
            data = self._receive(RECEIVE_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        self._left -= len(data)
        if not data or self._left <= 0:
            self.close()
        return True

    def _abort(self) -> None:
        """An answer was due, and cannot be delivered whole."""
        self._service.tally.aborted()
        self.close()

    def close(self) -> None:
        """Hang up. A handler that still waits is closed."""
        if self.state is CLOSED:
            return
        self.state = CLOSED
        if self._effect is not None:
            self._effect.cancel()
        descriptor = self._client.fileno()
        self._service.loop.forget(descriptor)
        self._service.ended(descriptor)
        self._client.close()
