"""The books of an event loop: who is called for which descriptor, what is due when, and the time.

The model waits for events; the loop knows whom to call. Every descriptor has one handler. Where
waiting is level-triggered, a handler that leaves something unread or unsent is called again by a
second event. Where it is edge-triggered there is none: a handler returns true until it has met
EAGAIN, and the model calls it again. An event for a descriptor that was closed and opened anew
within one turn reaches its new owner, who finds nothing to read.

There are two clocks. Timers follow real time. Deadlines of clients follow `now_s`, a
clock that stands still while a handler keeps the loop from looking at anybody else: the time in
which the loop did not look is not held against a client.
"""

from __future__ import annotations

import heapq
from itertools import count
from time import monotonic

from servers.runtime.clock import date_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import select
    from collections.abc import Callable

    # Called with what is ready, as poll(2) has it; true until it has met EAGAIN.
    Handler = Callable[[int], object]
    Callback = Callable[[], None]

LONGEST_TURN_S = 0.05  # what a turn takes beyond this, deadlines do not count
LONGEST_WAIT_S = 1.0  # with nothing due


class Loop:
    """Handlers, timers and clocks. `always`: flags of every interest, such as EPOLLET.

    `now_s`: the clock of deadlines, at the start of this turn. `date`: the Date line of this turn.
    """

    __slots__ = (
        "_always", "_blind_s", "_interests", "_next_turn", "_order", "_poller", "_timers",
        "_woke_s", "date", "handlers", "now_s",
    )  # fmt: skip

    def __init__(self, poller: select.poll | select.epoll, always: int = 0) -> None:
        self.handlers: dict[int, Handler] = {}
        self._poller, self._always = poller, always
        self._interests: dict[int, int] = {}
        self._timers: list[tuple[float, int, Callback]] = []
        self._order = count()  # timers of one instant fire in the order they were set
        self._next_turn: list[Callback] = []
        self._blind_s = 0.0  # how long in all the loop did not look
        self._woke_s = self.now_s = monotonic()
        self.date = date_line()

    def watch(self, descriptor: int, interest: int, handler: Handler) -> None:
        """Call `handler(events)` whenever this descriptor is ready for what interests us.

        A hang-up and an error are always reported, even where the interest is 0 (poll(2)).
        """
        self.handlers[descriptor] = handler
        known = self._interests.get(descriptor)
        if known is None:
            self._poller.register(descriptor, interest | self._always)
        elif known != interest:
            self._poller.modify(descriptor, interest | self._always)
        self._interests[descriptor] = interest

    def forget(self, descriptor: int) -> None:
        """Stop watching. To be called before the descriptor is closed."""
        if self._interests.pop(descriptor, None) is not None:
            self._poller.unregister(descriptor)
            del self.handlers[descriptor]

    def after(self, seconds: float, callback: Callback) -> None:
        """Call `callback` once, when this time has passed from now."""
        heapq.heappush(self._timers, (monotonic() + seconds, next(self._order), callback))

    def next_turn(self, callback: Callback) -> None:
        """Call `callback` in the next turn, after those for whom something is ready."""
        self._next_turn.append(callback)

    def timeout_s(self) -> float:
        """How long the model may wait for events before something else is due. Ends the turn."""
        now_s = monotonic()
        turn_s = now_s - self._woke_s
        if turn_s > LONGEST_TURN_S:
            self._blind_s += turn_s - LONGEST_TURN_S
        if self._next_turn:
            return 0.0
        if not self._timers:
            return LONGEST_WAIT_S
        return max(0.0, self._timers[0][0] - now_s)

    def look(self) -> None:
        """Begin a turn: read the clocks, after the wait and before the first handler."""
        self._woke_s = monotonic()
        self.now_s = self._woke_s - self._blind_s
        self.date = date_line()

    def run_due(self) -> None:
        """Call what was put off to this turn, and the timers that were due when it began."""
        if self._next_turn:
            callbacks, self._next_turn = self._next_turn, []
            for callback in callbacks:
                callback()
        timers = self._timers
        while timers and timers[0][0] <= self._woke_s:
            heapq.heappop(timers)[2]()
