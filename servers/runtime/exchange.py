"""One client of an event loop: the conversation as a state machine that never waits.

    reading -> (application) -> sending -> reading ...         while the connection lasts
                     |  ^
                     v  | the effect is done
                  waiting

It reads only while it has nothing to send: a peer that takes no answers cannot pile up requests
(backpressure). Each state has a deadline, but for waiting, which the effect itself bounds.
"""

from __future__ import annotations

import select
from math import inf

from servers.http1 import CONTINUE, Connection, ProtocolError, Response
from servers.runtime.linger import RECEIVE_BYTES, Linger
from servers.runtime.outgoing import Outgoing
from servers.runtime.transfer import STEPS
from servers.runtime.waiting import Waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.http1 import Request
    from servers.runtime.reactor import Handler, Reactor

READ = select.POLLIN


class Exchange:
    """The conversation with one client.

    `idle`: it has asked for nothing. `deadline_s`: when to call `expire`, on the reactor's clock.
    """

    __slots__ = (
        "_connection", "_outgoing", "_path", "_reactor", "_reading", "_receive", "_refused",
        "_status", "_step", "_waiting", "client", "deadline_s", "idle",
    )  # fmt: skip

    def __init__(self, reactor: Reactor, client: socket.socket) -> None:
        self._reactor, self.client, self._receive = reactor, client, client.recv
        self._connection = Connection(reactor.settings.limits)
        self._step = STEPS[reactor.settings.transfer]
        self._waiting: Waiting | None = None
        self._outgoing: Outgoing | None = None
        self._path, self._status, self._refused = b"", 0, False
        self.deadline_s = reactor.now_s + reactor.settings.idle_timeout
        self.idle = True
        self._reading = False  # whether the reactor watches for bytes to read

    def readable(self, _events: int) -> None:
        """Bytes, the end, or nothing after all."""
        try:
            data = self._receive(RECEIVE_BYTES)
        except BlockingIOError:
            self._read_on()
            return
        except OSError:
            data = b""
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
        """A request has begun: its deadline runs from here, and no byte puts it off."""
        if self.idle:
            self.idle = False
            self.deadline_s = self._reactor.now_s + self._reactor.settings.header_timeout
        if self._connection.wants_continue:
            self._connection.continued()
            try:
                self.client.send(CONTINUE)  # 25 bytes into an empty buffer: whole, or no peer
            except OSError:
                self.close()
                return
        self._read_on()

    def _read_on(self) -> None:
        """Watch for the next bytes, if that is not what is watched for already."""
        if not self._reading:
            self._reading = True
            self._reactor.watch(self.client.fileno(), READ, self.readable)

    def wait_for(self, interest: int, handler: Handler) -> None:
        """Watch for something else than the next bytes."""
        self._reading = False
        self._reactor.watch(self.client.fileno(), interest, handler)

    def _serve(self, request: Request | None) -> None:
        """Answer this request and those that came behind it, as far as it goes without a wait."""
        while request is not None:
            self.idle = False
            self._path = request.path
            answer = self._reactor.app(request)
            if type(answer) is not Response:
                self.deadline_s = inf
                self._waiting = Waiting(self._reactor, self, answer)  # type: ignore[arg-type]
                self._waiting.resume()
                return
            if not self._respond(answer):
                return
            request = self._connection.next_request()
        self.idle = True
        if self._connection.mid_message:
            self._await_rest()
        else:
            self.deadline_s = self._reactor.now_s + self._reactor.settings.idle_timeout
            self._read_on()

    def answered(self, response: Response) -> None:
        """The handler that was waited for has its response."""
        self._waiting = None
        if self._respond(response):
            self._go_on()

    def _go_on(self) -> None:
        try:
            self._serve(self._connection.next_request())
        except ProtocolError as refusal:
            self._refuse(refusal)

    def _respond(self, response: Response) -> bool:
        """Send what the kernel takes. True if that was all and the connection goes on."""
        reactor = self._reactor
        if reactor.parting:
            self._connection.closing()
        self._status = response.status
        data, file = self._connection.data_to_send(response, reactor.date)
        try:
            data, file = self._step(self.client, data, file)
        except BlockingIOError:
            pass
        except OSError:
            self.abort()
            return False
        if not data and file is None:
            return self._sent()
        self._outgoing = Outgoing(reactor, self, data, file)
        return False

    def delivered(self) -> None:
        """The rest of the answer is with the kernel as well."""
        self._outgoing = None
        if self._sent():
            self._go_on()

    def _sent(self) -> bool:
        """The answer is with the kernel. True if the connection goes on."""
        self._reactor.tally.answered(self._path, self._status)
        if self._refused:
            Linger(self._reactor, self.client)
        elif self._connection.close_after:
            self.close()
        else:
            return True
        return False

    def expire(self) -> None:
        """The deadline has passed: one whose request has begun is told, others are hung up on."""
        if self._outgoing is not None:
            self.abort()
        elif self.idle:
            self.close()
        else:
            self._refuse(ProtocolError(408, "the request did not arrive in time"))

    def _refuse(self, refusal: ProtocolError) -> None:
        self._path, self._refused = b"", True
        self._respond(refusal.response())

    def abort(self) -> None:
        """An answer was due, and cannot be delivered whole."""
        self._reactor.tally.aborted()
        self.close()

    def close(self) -> None:
        """Hang up. A handler that still waits is closed."""
        if self._waiting is not None:
            self._waiting.close()
            self._waiting = None
        self._outgoing = None
        self._reactor.close(self.client)
