"""The listener's side of an event loop: who comes in, who has been silent too long, and the end."""

from __future__ import annotations

import errno
import select

from servers.runtime.drain import Drain
from servers.runtime.eventloop.conversation import Conversation
from servers.runtime.eventloop.service import Service
from servers.runtime.listener import NO_ROOM, NO_ROOM_PAUSE_S, OF_ONE_CLIENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from servers.app import Application
    from servers.runtime.eventloop.loop import Loop
    from servers.runtime.meter import Meter
    from servers.runtime.settings import Settings

ACCEPT_BURST = 64  # clients taken in one go before those that came earlier are served again
SCAN_S = 0.5  # the grain of deadlines


class Acceptor:
    """The clients of one listener."""

    __slots__ = ("_conversations", "_drain", "_listener", "_loop", "_most", "_service")

    def __init__(
        self,
        loop: Loop,
        listener: socket.socket,
        app: Application,
        settings: Settings,
        meter: Meter,
    ) -> None:
        self._loop, self._listener = loop, listener
        self._conversations: dict[int, Conversation] = {}  # by descriptor
        self._most = settings.max_connections
        self._drain = Drain(listener, settings, meter)
        tally = meter.tally(meter.take_row())
        self._service = Service(loop, app, settings, tally, self._conversations.pop)

    def start(self) -> None:
        """Take clients from here on, and SIGTERM as the end."""
        self._drain.install()
        self._listener.setblocking(False)
        self._watch_listener()
        self._loop.after(SCAN_S, self._scan)

    @property
    def alive(self) -> bool:
        """False once the server is draining and the last connection is closed."""
        return bool(self._conversations) or not self._drain.requested

    def _watch_listener(self) -> None:
        if not self._drain.requested:
            self._loop.watch(self._listener.fileno(), select.POLLIN, self._accept)

    def _accept(self, events: int) -> bool:
        """Take the clients that wait, as many as there is room for. True if more may wait."""
        if events & select.POLLHUP:  # the listener was shut
            self._stop()
            return False
        for _ in range(ACCEPT_BURST):
            if len(self._conversations) >= self._most:
                self._pause()
                return False
            try:
                client, _address = self._listener.accept()
            except BlockingIOError:
                return False
            except OSError as error:
                if error.errno == errno.EINVAL:
                    return False  # the listener was shut: POLLHUP comes next
                if error.errno in NO_ROOM:
                    self._pause()
                    return False
                if error.errno in OF_ONE_CLIENT:
                    continue
                raise
            client.setblocking(False)
            self._service.tally.accepted()
            conversation = Conversation(self._service, client)
            self._conversations[client.fileno()] = conversation
            conversation.readable(0)  # its request has often arrived with it
        return True

    def _pause(self) -> None:
        """No room for one more: a listener that stays ready would only make the loop spin.

        With an interest of 0 it still reports that it was shut: a drain is noticed at once.
        """
        self._loop.watch(self._listener.fileno(), 0, self._accept)
        self._loop.after(NO_ROOM_PAUSE_S, self._watch_listener)

    def _stop(self) -> None:
        self._service.closing = True
        self._loop.forget(self._listener.fileno())
        for conversation in tuple(self._conversations.values()):
            conversation.hang_up_if_idle()

    def _scan(self) -> None:
        """Hang up on whoever has been silent too long."""
        self._loop.after(SCAN_S, self._scan)
        self._service.redis.expire()
        now_s = self._loop.now_s
        for late in [talk for talk in self._conversations.values() if talk.deadline_s <= now_s]:
            late.expire()
