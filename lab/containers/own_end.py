"""A guest that ended by itself: what was refused because of that is no fault, its end will tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from docker.models.containers import Container
from requests import RequestException

from lab.errors import LabError

WITHIN_S = 1.0  # a guest's network goes before the daemon calls it ended


@contextmanager
def unless_ended(guest: Container) -> Iterator[None]:
    """Lets a LabError pass where the guest runs on."""
    try:
        yield
    except LabError as error:
        try:
            guest.wait(timeout=WITHIN_S)
        except RequestException:
            raise error from None
