"""What parents share: a fork that signals cannot split, and signals to the children."""

from __future__ import annotations

import os
import signal

from servers.runtime.drain import STOP_SIGNALS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


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
