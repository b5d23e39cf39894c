"""One client of an event loop: the conversation as a state machine that never waits.

    IDLE -> READING -> ANSWERING -> SENDING -> IDLE       while the connection lasts
                        |   ^           |
                        v   |           v  after the last answer
                       WAITING       CLOSING -> CLOSED

It reads only while it has nothing to send: a client that takes no answers cannot pile up requests
(backpressure). It answers at most `SHARE` requests in one turn of the loop, and goes on in the next
turn: a flood of pipelined requests does not keep the loop from the other clients. Each state that
waits for the client has a deadline; in WAITING the effect has its own.
"""

from __future__ import annotations

import select
from math import inf
from socket import SHUT_WR

from servers.http1 import CONTINUE, Connection, ProtocolError, Response
from servers.runtime.closing import DISCARD_BYTES, DISCARD_S, RECEIVE_BYTES, needs_stages
from servers.runtime.eventloop.effect import PendingEffect
from servers.runtime.eventloop.outgoing import Outgoing
from servers.runtime.transfer import CHUNK_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.http1 import Request
    from servers.runtime.eventloop.loop import Handler
    from servers.runtime.eventloop.service import Service

IDLE, READING, ANSWERING, WAITING, SENDING, CLOSING, CLOSED = (
    "nothing asked", "a request has begun", "in this turn", "for an effect, or for the next turn",
    "the client takes its answer", "until the client closes too", "over",
)  # fmt: skip

SHARE = 16  # requests answered in one turn
GONE = select.POLLHUP | select.POLLERR


class Conversation:
    """A conversation with a client. `deadline_s`: when to call `expire`, on the loop's clock."""

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

    # Reading

    def readable(self, _events: int) -> bool:
        """Bytes, the end, or nothing after all. True if more may lie there."""
        try:
            data = self._receive(RECEIVE_BYTES)
        except BlockingIOError:
            self._read_on()
            return False
        except OSError:
            data = b""
        if not data:
            self.close()
            return False
        try:
            request = self._connection.receive_data(data)
            if request is not None:
                self._answer(request)
            else:
                self._await_rest(len(data))
        except ProtocolError as refusal:
            self._refuse(refusal)
        return True

    def _await_rest(self, size: int) -> None:
        """Of a request. Its deadline runs from its first byte; each 64 KiB put it off once more."""
        if self._connection.mid_message:
            service = self._service
            if self.state is not READING:
                self.state, self._left = READING, CHUNK_BYTES
                self.deadline_s = service.loop.now_s + service.header_timeout_s
            self._left -= size
            while self._left <= 0:
                self._left += CHUNK_BYTES
                self.deadline_s += service.header_timeout_s
            if self._connection.wants_continue:
                self._connection.continued()
                try:
                    self._client.send(CONTINUE)  # 25 bytes into an empty buffer: whole, or no peer
                except OSError:
                    self.close()
                    return
        self._read_on()

    def _read_on(self) -> None:
        if not self._watching:
            self._watch(select.POLLIN, self.readable)
            self._watching = True

    def _watch(self, interest: int, handler: Handler) -> None:
        self._watching = False
        self._service.loop.watch(self._client.fileno(), interest, handler)

    # Answering

    def _answer(self, request: Request | None) -> None:
        """Answer this request and those behind it, as far as it goes within this turn."""
        self.state = ANSWERING
        app = self._service.app
        share = SHARE
        while request is not None:
            self._path = request.path
            answer = app(request)
            if type(answer) is not Response:
                self._effect = PendingEffect(self._service, answer, self._answered)  # type: ignore[arg-type]
                self.state, self.deadline_s = WAITING, inf
                self._effect.resume()
                if self.state is WAITING:
                    self._watch(0, self._hung_up)
                return
            if not self._respond(answer):
                return
            share -= 1
            if not share:
                self._go_on()
                return
            request = self._connection.next_request()
        self._rest()

    def _answered(self, response: Response) -> None:
        """The handler that was waited for has its response."""
        self._effect = None
        self.state = ANSWERING
        if self._respond(response):
            self._go_on()

    def _go_on(self) -> None:
        """An answer is sent. What lies here already has its turn after everybody else's.

        Going on at once would nest one answer into the other, as deep as requests are pipelined.
        """
        if self._connection.holds_bytes:
            self.state, self.deadline_s = WAITING, inf
            self._watch(0, self._hung_up)
            self._service.loop.next_turn(self._take_turn)
        else:
            self._rest()

    def _take_turn(self) -> None:
        if self.state is WAITING:  # and not closed meanwhile
            try:
                self._answer(self._connection.next_request())
            except ProtocolError as refusal:
                self._refuse(refusal)

    def _rest(self) -> None:
        """All that was asked is answered."""
        self.state = IDLE
        if self._connection.mid_message:
            self._await_rest(0)
        else:
            self.deadline_s = self._service.loop.now_s + self._service.idle_timeout_s
            self._read_on()

    def _hung_up(self, events: int) -> None:
        """The client is gone while it waits here."""
        if events & GONE:
            if self._effect is not None:
                self._service.tally.aborted()
            self.close()

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

    def _refuse(self, refusal: ProtocolError) -> None:
        self._path = b""
        self._respond(refusal.response())

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

    def expire(self) -> None:
        """The deadline has passed. What has arrived meanwhile is read first, and may put it off."""
        state, deadline_s = self.state, self.deadline_s
        {SENDING: self._writable, CLOSING: self._discard}.get(state, self.readable)(0)
        if self.state is not state or self.deadline_s > deadline_s:
            return
        if state is SENDING:
            self._abort()
        elif state is READING:
            self._refuse(ProtocolError(408, "the request did not arrive in time"))
        else:
            self.close()

    def hang_up_if_idle(self) -> None:
        """The server drains: answer what has arrived, and wait for nothing more."""
        if self.state is IDLE:
            self.readable(0)
            if self.state is IDLE:
                self.close()

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
