"""A lab at work: the only one on this host, and nothing of it runs before or after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from docker.errors import DockerException
from requests import RequestException

from lab.containers import cleanup
from lab.containers.daemon import connect, explain
from lab.host.only_one import only_lab
from lab.run import interrupts

PROJECT_NAME = "serverlab"  # of Compose: marks what belongs to one lab


@contextmanager
def session(say: Callable[[str], None]) -> Iterator[None]:
    """Whatever way it is left, by an error or by Ctrl-C too, all of ours is removed."""
    with only_lab():
        left = cleanup.remove(connect(), PROJECT_NAME)
        if left:
            say(f"removed what an earlier run had left: {', '.join(left)}")
        try:
            with interrupts.heeded(_clear_up):
                yield
        except (DockerException, RequestException) as error:
            raise explain(error) from error


def _clear_up() -> None:
    """By a fresh client: the one at work may have been interrupted in mid-answer."""
    cleanup.remove(connect(), PROJECT_NAME)
