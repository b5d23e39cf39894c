"""A lab at work: the only one on this host, and nothing of it runs before or after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from docker.errors import DockerException
from requests import RequestException

from lab import interrupts, sweep
from lab.daemon import connect, explain
from lab.only_one import only_lab

PROJECT = "serverlab"  # of Compose: marks what belongs to one lab


@contextmanager
def session(say: Callable[[str], None]) -> Iterator[None]:
    """Whatever way it is left, by an error or by Ctrl-C too, all of ours is removed."""
    with only_lab():
        left = sweep.remove(connect(), PROJECT)
        if left:
            say(f"removed what an earlier run had left: {', '.join(left)}")
        try:
            with interrupts.heeded(_clear_up):
                yield
        except (DockerException, RequestException) as error:
            raise explain(error) from error


def _clear_up() -> None:
    """By a fresh client: the one at work may have been interrupted in mid-answer."""
    sweep.remove(connect(), PROJECT)
