"""The rest of an answer that the kernel did not take at once, in an event loop.

Made only when an answer is larger than the socket's buffer, or the peer reads slowly. It gives up
on a peer that takes nothing for the idle timeout, or too little for too long (`allowance_s`).
"""

from __future__ import annotations

import select

from servers.runtime.transfer import STEPS, allowance_s

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.http1 import FileRange
    from servers.runtime.exchange import Exchange
    from servers.runtime.reactor import Reactor


class Outgoing:
    """Bytes and a range of a file, sent as the socket becomes writable."""

    __slots__ = ("_data", "_exchange", "_file", "_reactor", "_step", "_whole_by_s")

    def __init__(
        self, reactor: Reactor, exchange: Exchange, data: bytes, file: FileRange | None
    ) -> None:
        self._reactor, self._exchange = reactor, exchange
        self._data, self._file = data, file
        self._step = STEPS[reactor.settings.transfer]
        patience_s = reactor.settings.idle_timeout
        self._whole_by_s = reactor.now_s + allowance_s(patience_s, data, file)
        exchange.deadline_s = reactor.now_s + patience_s
        exchange.wait_for(select.POLLOUT, self._writable)

    def _writable(self, _events: int) -> None:
        exchange = self._exchange
        try:
            self._data, self._file = self._step(exchange.client, self._data, self._file)
        except BlockingIOError:
            return
        except OSError:
            exchange.abort()
            return
        if self._data or self._file is not None:
            stalled_s = self._reactor.now_s + self._reactor.settings.idle_timeout
            exchange.deadline_s = min(stalled_s, self._whole_by_s)
        else:
            exchange.delivered()
