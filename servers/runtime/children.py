"""What parents share: a fork that signals cannot split, signals to the children, their rows."""

from __future__ import annotations

import os
import signal

from servers.runtime.drain import STOP_SIGNALS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servers.runtime.meter import Meter


class SignalsHeld:
    """`with SIGNALS_HELD:` fork() and note the child in one step, as the parent's handlers see it.

    The signals that came meanwhile are delivered at the end of the block, to the parent alone: a
    child begins with none pending (fork(2)).
    """

    def __enter__(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)

    def __exit__(self, *_exception: object) -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


SIGNALS_HELD = SignalsHeld()


def signal_all(pids: Iterable[int], number: int) -> None:
    """Send a signal to each of them; to be called from a handler as well as outside."""
    for pid in tuple(pids):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass  # it has been waited for, and is about to be struck from the list


class ChildRows:
    """The children that live, each with its row of the meter, which goes back when it has ended.

    `kernel_reaps`: SIGCHLD is ignored, so nobody tells us who ended; `forget_reaped` finds out.
    """

    __slots__ = ("_early", "_kernel_reaps", "_meter", "_rows")

    def __init__(self, meter: Meter, *, kernel_reaps: bool) -> None:
        self._meter, self._kernel_reaps = meter, kernel_reaps
        self._rows: dict[int, int] = {}  # by pid
        self._early: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def begun(self, pid: int, row: int) -> None:
        """Note a child; its end may have been noted before."""
        if pid in self._early:
            self._early.remove(pid)
            self._meter.give_back(row)
        else:
            self._rows[pid] = row

    def ended(self, pid: int) -> None:
        """This child has been reaped."""
        if pid in self._rows:
            self._meter.give_back(self._rows.pop(pid))
        else:
            self._early.add(pid)

    def forget_reaped(self) -> bool:
        """Strike those that the kernel has reaped; whether there were any.

        waitpid(2) says of each whether it still is a child of ours. Elsewhere that would reap it.
        """
        if not self._kernel_reaps:
            return False
        before = len(self._rows)
        for pid in tuple(self._rows):
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:  # ECHILD
                self.ended(pid)
        return len(self._rows) < before

    def signal(self, number: int) -> None:
        """Send a signal to each of them; its pid must not be somebody else's by now."""
        self.forget_reaped()
        signal_all(self._rows, number)
