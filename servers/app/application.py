"""The application: which handler answers which path, and what becomes of one that fails.

Called with a request, it returns a Response, or a generator where the handler must wait: that
yields effects, is resumed with their answers, and returns the Response. A plain GET of a static
file, the case that benchmarks ask for a hundred thousand times a second, is one lookup by the raw
path and one check that no field asks for less than all; everything else is routed after decoding.
There are no patterns: a path is looked up whole, or by its first segment.
"""

from __future__ import annotations

import sys

from servers.app.answers import BAD_PATH, FAILED, NOT_FOUND, octets, plain
from servers.app.conditional import SELECTING
from servers.app.delays import sleep, spin
from servers.app.escaping import percent_decode
from servers.app.guestbook import Guestbook
from servers.app.pages import Pages
from servers.app.routes import Route
from servers.app.site import open_site
from servers.http1 import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.app.effects import EffectHandler
    from servers.http1 import Request

_HEALTHY = plain(200, b"ok")


class Application:
    """What is served, the same for every model but for the name on its index page."""

    __slots__ = ("_by_path", "_by_prefix", "_whole")

    def __init__(self, model: str, site_folder: str) -> None:
        pages = Pages(model, site_folder)
        guestbook = Guestbook(pages)
        files = {b"/": pages.index, b"/models": pages.models, **open_site(site_folder)}
        # Raw paths that mean themselves. A name with a % would mean another one.
        self._whole = {path: file.whole for path, file in files.items() if b"%" not in path}
        self._by_path = {path: Route({b"GET": file.answer}) for path, file in files.items()}
        self._by_path[b"/guestbook"] = Route({b"GET": guestbook.read, b"POST": guestbook.sign})
        self._by_path[b"/echo"] = Route({b"POST": _echo})
        self._by_path[b"/health"] = Route({b"GET": _health})
        self._by_path[b"*"] = Route({})  # the server as a whole, for OPTIONS (RFC 9110, 9.3.7)
        self._by_prefix = {b"sleep": Route({b"GET": sleep}), b"spin": Route({b"GET": spin})}

    def __call__(self, request: Request) -> Response | EffectHandler:
        """The response, or a generator that yields effects and returns it."""
        whole = self._whole.get(request.path)
        if whole is not None and request.method == b"GET" and SELECTING.isdisjoint(request.fields):
            return whole
        try:
            answer = self._dispatch(request)
        except Exception as error:  # whatever a handler does, its client gets an answer
            return _failed(request, error)
        return answer if isinstance(answer, Response) else _guarded(request, answer)

    def _dispatch(self, request: Request) -> Response | EffectHandler:
        try:
            path = percent_decode(request.path)
        except ValueError:
            return BAD_PATH
        rest = b""
        route = self._by_path.get(path)
        if route is None:
            # An encoded slash is data, not a separator (RFC 3986, 2.2): cut before decoding.
            first, slash, behind = request.path[1:].partition(b"/")
            route = self._by_prefix.get(percent_decode(first)) if slash else None
            if route is None:
                return NOT_FOUND
            rest = percent_decode(behind)
        return route.answer(request, rest)


def _health(_request: Request, _rest: bytes) -> Response:
    """Ready: the server accepts, reads and answers. Touches nothing else."""
    return _HEALTHY


def _echo(request: Request, _rest: bytes) -> Response:
    """The body back as it came: what an upload costs."""
    return octets(request.body)


def _guarded(request: Request, waiting: EffectHandler) -> EffectHandler:
    try:
        return (yield from waiting)
    except Exception as error:
        return _failed(request, error)


def _failed(request: Request, error: Exception) -> Response:
    """A 500 without detail for the client; one line for whoever reads the log."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "nowhere"
    sys.stderr.write(
        f"500 for {request.method!r} {request.path!r}: {type(error).__name__} at {place}\n"
    )
    return FAILED
