"""What went wrong with a request, in the classes of the record.

refused   the connection was not accepted, or nobody is there
reset     broken by the peer, or closed by it before a single byte of the answer
timeout   no whole answer in time, connecting included
short     closed in mid-answer
wrong_status, wrong_body    a whole answer, but not the right one; or bytes that are no HTTP/1.1
generator    this process or its host could not ask: out of descriptors, ports, memory

The errors that a peer or the network can cause are listed. Every other error of a socket has its
cause on this side, so it is the generator's, and nothing is known of the server.
"""

from __future__ import annotations

from errno import (
    ECONNABORTED,
    ECONNREFUSED,
    ECONNRESET,
    EHOSTDOWN,
    EHOSTUNREACH,
    ENETRESET,
    ENETUNREACH,
    ENONET,
    ENOPROTOOPT,
    EOPNOTSUPP,
    EPIPE,
    EPROTO,
    ETIMEDOUT,
)

from loadgen.engine.response import ResponseError

GENERATOR = "generator"
_NOBODY = frozenset(  # a reset, or what ICMP answers to a SYN (icmp_err_convert in Linux)
    (
        *(ECONNREFUSED, EHOSTUNREACH, EHOSTDOWN, ENETUNREACH),
        *(ENONET, ENOPROTOOPT, EOPNOTSUPP, EPROTO),
    )
)
_BROKEN = frozenset((ECONNRESET, ECONNABORTED, ENETRESET, EPIPE))


class EndedError(Exception):
    """The peer closed where an answer, or the rest of one, should have come."""


class LateError(Exception):
    """It took longer than the scenario allows."""


def never_connected(error: Exception) -> bool:
    """Whether an error on a young connection means that there was none; else it broke later."""
    return getattr(error, "errno", None) not in _BROKEN


def classify(error: Exception, *, begun: bool) -> str:
    """`begun`: whether any byte of the answer had come."""
    code = getattr(error, "errno", None)
    if isinstance(error, LateError) or code == ETIMEDOUT:
        return "timeout"
    if isinstance(error, ResponseError):
        return "wrong_body"
    if isinstance(error, EndedError):
        return "short" if begun else "reset"
    if code in _BROKEN:
        return "reset"
    return "refused" if code in _NOBODY else GENERATOR
