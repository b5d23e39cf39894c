"""One client of an event loop: the conversation as a state machine that never waits.

    IDLE -> READING -> ANSWERING -> SENDING -> IDLE       while the connection lasts
                        |   ^           |
                        v   |           v  after the last answer
                       WAITING       CLOSING -> CLOSED

It reads only while it has nothing to send: a client that takes no answers cannot pile up requests
(backpressure). It answers at most `SHARE` requests in one turn of the loop, and goes on in the next
turn: a flood of pipelined requests does not keep the loop from the other clients. Each state that
waits for the client has a deadline; WAITING has none: it is for an effect, which has its own, or
for the next turn. How an answer is sent and a connection closed: `link`.
"""

from __future__ import annotations

import select
from math import inf

from servers.http1 import CONTINUE, ProtocolError, Response
from servers.runtime.closing import RECEIVE_BYTES
from servers.runtime.eventloop.effect import PendingEffect
from servers.runtime.eventloop.link import ANSWERING, CLOSING, IDLE, READING, SENDING, WAITING, Link
from servers.runtime.transfer import CHUNK_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.http1 import Request

SHARE = 16  # requests answered in one turn
GONE = select.POLLHUP | select.POLLERR


class Conversation(Link):
    """A conversation with a client. `deadline_s`: when to call `expire`, on the loop's clock."""

    __slots__ = ()

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
                self._await_remaining(len(data))
        except ProtocolError as refusal:
            self._refuse(refusal)
        return True

    def _await_remaining(self, size: int) -> None:
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
        self._become_idle()

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
            self._become_idle()

    def _take_turn(self) -> None:
        if self.state is WAITING:  # and not closed meanwhile
            try:
                self._answer(self._connection.next_request())
            except ProtocolError as refusal:
                self._refuse(refusal)

    def _become_idle(self) -> None:
        """All that was asked is answered."""
        self.state = IDLE
        if self._connection.mid_message:
            self._await_remaining(0)
        else:
            self.deadline_s = self._service.loop.now_s + self._service.idle_timeout_s
            self._read_on()

    def _hung_up(self, events: int) -> None:
        """The client is gone while it waits here."""
        if events & GONE:
            if self._effect is not None:
                self._service.tally.aborted()
            self.close()

    def _refuse(self, refusal: ProtocolError) -> None:
        self._path = b""
        self._respond(refusal.response())

    # Its end

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
