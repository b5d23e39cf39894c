"""What becomes of a request that is for no handler, or for one that fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from servers import http1
from servers.app import Application
from servers.app.effects import Sleep, Spin
from servers.app.routes import Route
from tests.app.asking import ask, begin, content, fields_of, finish, raw, request

if TYPE_CHECKING:
    from servers.app.effects import EffectHandler


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_health_touches_nothing(app: Application, method: bytes) -> None:
    response = ask(app, b"/health", method)
    assert (response.status, content(response)) == (200, b"ok\n")


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        (b"/", b"GET, HEAD, OPTIONS"),
        (b"/615b.html", b"GET, HEAD, OPTIONS"),
        (b"/health", b"GET, HEAD, OPTIONS"),
        (b"/guestbook", b"GET, HEAD, OPTIONS, POST"),
        (b"/sleep/1", b"GET, HEAD, OPTIONS"),
        (b"/spin/1", b"GET, HEAD, OPTIONS"),
        (b"*", b"OPTIONS"),
    ],
)
def test_methods(app: Application, path: bytes, allow: bytes) -> None:
    told = ask(app, path, b"OPTIONS")
    assert (told.status, content(told), fields_of(told)[b"allow"]) == (204, b"", allow)
    for method in (b"DELETE", b"PUT", b"PATCH", b"TRACE"):
        refused = app(raw(path, method))
        assert isinstance(refused, http1.Response)
        assert (refused.status, fields_of(refused)[b"allow"]) == (405, allow)


def test_path_that_nobody_knows(app: Application) -> None:
    response = ask(app, b"/favicon.ico")
    assert response.status == 404
    assert fields_of(response)[b"cache-control"] == b"no-store"


@pytest.mark.parametrize(
    ("path", "effect", "seconds", "text"),
    [
        (b"/sleep/20", Sleep, 0.02, b"slept 20 ms\n"),
        (b"/sleep/0", Sleep, 0.0, b"slept 0 ms\n"),
        (b"/sleep/60000?x", Sleep, 60.0, b"slept 60000 ms\n"),
        (b"/%73leep/%32", Sleep, 0.002, b"slept 2 ms\n"),
        (b"/spin/7", Spin, 0.007, b"spun 7 ms\n"),
        (b"/spin/10000", Spin, 10.0, b"spun 10000 ms\n"),
    ],
)
def test_delay(
    app: Application, path: bytes, effect: type[Sleep | Spin], seconds: float, text: bytes
) -> None:
    waiting, yielded = begin(app(request(path)))
    assert isinstance(yielded, effect)
    assert yielded.seconds == pytest.approx(seconds)
    response = finish(waiting, None)
    assert (response.status, content(response)) == (200, text)
    assert fields_of(response)[b"cache-control"] == b"no-store"


@pytest.mark.parametrize(
    "digits", [b"", b"x", b"-1", b"+1", b"1.5", b"1e3", b"1/2", b"%b2", b"1_0"]
)
@pytest.mark.parametrize("route", [b"/sleep/", b"/spin/"])
def test_delay_that_is_no_number_is_refused(app: Application, route: bytes, digits: bytes) -> None:
    response = ask(app, route + digits)
    assert response.status == 400
    assert b"whole milliseconds" in content(response)


@pytest.mark.parametrize("path", [b"/sleep/60001", b"/spin/10001", b"/sleep/" + b"9" * 7000])
def test_delay_is_bounded(app: Application, path: bytes) -> None:
    assert ask(app, path).status == 400


class SecretError(Exception):
    """Names something that a client must not learn."""


def _breaks_at_once(_request: http1.Request, _rest: bytes) -> http1.Response:
    raise SecretError("password\nis swordfish")


def _breaks_later(_request: http1.Request, _rest: bytes) -> EffectHandler:
    yield Sleep(0.0)
    raise SecretError("password\nis swordfish")


@pytest.mark.parametrize("later", [False, True])
def test_handler_that_breaks(
    app: Application,
    later: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    route = Route({b"GET": _breaks_later if later else _breaks_at_once})
    monkeypatch.setitem(app._by_path, b"/health", route)
    answer = app(request(b"/health"))
    response = finish(begin(answer)[0], None) if later else answer
    assert isinstance(response, http1.Response)
    assert response.status == 500
    sent = response.head + content(response)
    assert not [w for w in (b"Secret", b"swordfish", b"Traceback", b".py") if w in sent]
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "swordfish" not in said
    for word in ("SecretError", Path(__file__).name, "/health"):
        assert word in said


def test_request_cannot_forge_a_line_of_the_log(
    app: Application, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(app._by_path, b"/a\nb", Route({b"GET": _breaks_at_once}))
    app(raw(b"/a%0ab"))
    app(raw(b"/a\nb"))
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_client_that_goes_away_ends_the_handler_without_a_word(
    app: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting, _ = begin(app(request(b"/sleep/1000")))
    waiting.close()
    assert capsys.readouterr().err == ""
