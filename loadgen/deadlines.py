"""Who waits too long: looked over now and then, so that no request pays for a timer of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent

from loadgen.wire import CutError, LateError, Wire, clock


class Deadlines:
    """Watches wires from the loop itself; a late one's wait raises LateError."""

    def __init__(self, timeout_s: float) -> None:
        self._wires: set[Wire] = set()
        every_s = min(max(timeout_s / 20, 0.005), 0.5)
        self._timer: Any = gevent.get_hub().loop.timer(every_s, repeat=every_s)
        self._timer.start(self._look)

    def watch(self, wire: Wire) -> None:
        self._wires.add(wire)

    def forget(self, wire: Wire) -> None:
        self._wires.discard(wire)

    def cut(self, which: Callable[[Wire], bool]) -> None:
        """Ends what is still in flight on these; call it from the loop or from any greenlet."""
        for wire in list(self._wires):
            if which(wire):
                gevent.get_hub().loop.run_callback(self._throw, wire, CutError)

    def stop(self) -> None:
        self._timer.close()

    def _look(self) -> None:
        now_s = clock()
        for wire in list(self._wires):
            if wire.waiting and wire.deadline_s < now_s:
                self._throw(wire, LateError)

    @staticmethod
    def _throw(wire: Wire, error: type[Exception]) -> None:
        if wire.waiting:
            wire.throw(error("no answer in time" if error is LateError else "load has ended"))
