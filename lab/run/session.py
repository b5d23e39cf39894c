"""A lab at work: the only one on this host, and nothing of it runs before or after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lab.containers import cleanup
from lab.containers.daemon import DaemonError, connect, explained
from lab.host.only_one import only_lab
from lab.run import hosts_in_use, interrupts

PROJECT_NAME = "serverlab"  # of Compose: marks what belongs to one lab


@contextmanager
def session(say: Callable[[str], None]) -> Iterator[None]:
    """Whatever way it is left, by an error or by Ctrl-C too, all of ours is removed."""
    with only_lab(), explained():
        left = cleanup.remove(connect(), PROJECT_NAME)
        if left:
            say(f"removed what an earlier run had left: {', '.join(left)}")
        hosts_in_use.clear(PROJECT_NAME, say)
        with interrupts.heeded(lambda: _clear_up(say)):
            yield


def _clear_up(say: Callable[[str], None]) -> None:
    """By a fresh client: the one at work may have been interrupted in mid-answer."""
    try:
        with explained():
            cleanup.remove(connect(), PROJECT_NAME)
    except DaemonError as error:
        rest = "what of the lab still runs then is removed by its next command, or by make down"
        raise DaemonError(error.message, f"{error.remedy}; {rest}") from error
    finally:
        hosts_in_use.clear(PROJECT_NAME, say)
