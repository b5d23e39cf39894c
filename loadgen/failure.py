"""What went wrong with a request, in the classes of the record.

refused   the connection was not accepted, or nobody is there
reset     broken by the peer, or closed by it before a single byte of the answer
timeout   no whole answer in time, connecting included
short     closed in mid-answer
wrong_status, wrong_body    a whole answer, but not the right one; or bytes that are no HTTP/1.1
"""

from __future__ import annotations

from errno import EADDRNOTAVAIL, ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT

from loadgen.response import ResponseError

_NOBODY = frozenset((ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL))


class EndedError(Exception):
    """The peer closed where an answer, or the rest of one, should have come."""


class LateError(Exception):
    """It took longer than the scenario allows."""


def never_connected(error: Exception) -> bool:
    """Whether an error on a young connection means that there was none; else it broke later."""
    code = getattr(error, "errno", None)
    return code in _NOBODY or code == ETIMEDOUT or not isinstance(error, OSError)


def classify(error: Exception, *, begun: bool) -> str:
    """`begun`: whether any byte of the answer had come."""
    if isinstance(error, LateError) or getattr(error, "errno", 0) == ETIMEDOUT:
        return "timeout"
    if isinstance(error, ResponseError):
        return "wrong_body"
    if isinstance(error, EndedError):
        return "short" if begun else "reset"
    return "refused" if getattr(error, "errno", 0) in _NOBODY else "reset"
