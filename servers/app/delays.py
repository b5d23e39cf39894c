"""/sleep/MS and /spin/MS: a backend that waits, and one that computes.

The first holds no CPU and shows which models can wait for many at once; the second holds one and
shows which can use more than one. Both are bounded: a request may not occupy a worker for ever.
"""

from __future__ import annotations

from servers.app.answers import plain
from servers.app.effects import Sleep, Spin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.app.effects import EffectHandler
    from servers.http1 import Request, Response

SLEEP_LIMIT_MS = 60_000
SPIN_LIMIT_MS = 10_000

_BAD_SLEEP = plain(400, b"/sleep/MS takes whole milliseconds from 0 to %d." % SLEEP_LIMIT_MS)
_BAD_SPIN = plain(400, b"/spin/MS takes whole milliseconds from 0 to %d." % SPIN_LIMIT_MS)


def sleep(_request: Request, milliseconds: bytes) -> EffectHandler | Response:
    """Answer after so many milliseconds of waiting."""
    wait_ms = _bounded(milliseconds, SLEEP_LIMIT_MS)
    return _BAD_SLEEP if wait_ms is None else _slept(wait_ms)


def spin(_request: Request, milliseconds: bytes) -> EffectHandler | Response:
    """Answer after so many milliseconds of computing."""
    burn_ms = _bounded(milliseconds, SPIN_LIMIT_MS)
    return _BAD_SPIN if burn_ms is None else _spun(burn_ms)


def _slept(wait_ms: int) -> EffectHandler:
    yield Sleep(wait_ms / 1000)
    return plain(200, b"slept %d ms" % wait_ms)


def _spun(burn_ms: int) -> EffectHandler:
    yield Spin(burn_ms / 1000)
    return plain(200, b"spun %d ms" % burn_ms)


def _bounded(digits: bytes, limit: int) -> int | None:
    """The number, or None where it is none, or too large; never long enough to trouble int()."""
    if not digits.isdigit() or len(digits) > 9:
        return None
    number = int(digits)
    return number if number <= limit else None
