"""A route: the handlers of one path by method, and the answers to all other methods.

HEAD is GET without the body, which the HTTP layer leaves out. OPTIONS says what is allowed, and so
does the refusal of what is not (RFC 9110, 15.5.6).
"""

from __future__ import annotations

from servers.app.answers import plain
from servers.http1 import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from servers.app.effects import EffectHandler
    from servers.http1 import Request

    # Called with the request and what follows the prefix of the route, decoded.
    Handler: TypeAlias = Callable[[Request, bytes], Response | EffectHandler]


class Route:
    """What a path answers to."""

    __slots__ = ("_handlers", "_not_allowed", "_options")

    def __init__(self, handlers: dict[bytes, Handler]) -> None:
        self._handlers = dict(handlers)
        if b"GET" in handlers:
            self._handlers[b"HEAD"] = handlers[b"GET"]
        allow = (b"Allow", b", ".join(sorted((*self._handlers, b"OPTIONS"))))
        self._options = Response(204, (allow,))
        self._not_allowed = plain(405, b"This path takes " + allow[1] + b".", allow)

    def answer(self, request: Request, rest: bytes) -> Response | EffectHandler:
        """Let the handler of the request's method answer, or say which methods there are."""
        handler = self._handlers.get(request.method)
        if handler is not None:
            return handler(request, rest)
        return self._options if request.method == b"OPTIONS" else self._not_allowed
