"""No path leads out of the site, whatever its spelling."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servers import http1
from servers.app import Application
from tests.app.asking import SITE, ask, content, raw

APP = Application("epoll", SITE)
NAMES = [b"/", b"/615b.html", b"/10kb.txt", b"/100kb.txt", b"/1mb.bin", b"/penguin.svg"]
BODIES = {content(ask(APP, name)) for name in (*NAMES, b"/models")}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((path, 200) for path in (b"/%361%35b.html", b"/penguin%2esvg", b"/615b.htm%6C")),
        *((path, 404) for path in (b"/..", b"/../etc/passwd", b"/./615b.html", b"//615b.html")),
        *((path, 404) for path in (b"/%2e%2e/site/615b.html", b"/..%2f..%2fetc%2fpasswd")),
        *((path, 404) for path in (b"/%2e%2e%2f615b.html", b"/%2F615b.html", b"/..%5c615b.html")),
        *(
            (path, 404)
            for path in (b"/615b.html%00", b"/615b.html%00.txt", b"/%00", b"/615b.html/")
        ),
        *((path, 404) for path in (b"/%252e%252e/", b"/%c0%ae%c0%ae/615b.html", b"/615B.HTML")),
        *((path, 404) for path in (b"/templates", b"/templates/", b"/templates/index.html")),
        *((path, 404) for path in (b"/models%2fepoll.html", b"/615b.html;x", b"/615b.html%20")),
        *((path, 404) for path in (b"/sleep%2f1", b"/sleep", b"/health/", b"/index.html")),
    ],
)
def test_spelling(path: bytes, status: int) -> None:
    assert ask(APP, path).status == status


@pytest.mark.parametrize(
    "path", [b"/%", b"/%4", b"/%zz", b"/%%41", b"/sleep/%1", b"/a%-1", b"/% 1"]
)
def test_broken_percent_encoding_is_refused(path: bytes) -> None:
    answer = APP(raw(path))
    assert isinstance(answer, http1.Response)
    assert answer.status == 400


PIECES = st.sampled_from(
    [
        *(b"/", b"..", b".", b"%2e", b"%2f", b"%5c", b"%00", b"%25", b"\0", b"615b.html", b"etc"),
        *(b"passwd", b"templates", b"models", b"epoll.html", b"guestbook.html", b"%", b"site"),
    ]
)


@given(path=st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=9).map(b"".join)))
@example(path=b"")
@example(path=b"sleep/1")
@example(path=b"*")
def test_no_path_yields_octets_that_are_not_in_the_site(path: bytes) -> None:
    for spelled in (path, b"/" + path):
        answer = APP(raw(spelled))
        if isinstance(answer, http1.Response):
            # `*` is the server as a whole, which only OPTIONS asks for (RFC 9110, 9.3.7).
            assert answer.status in ((405,) if spelled == b"*" else (200, 400, 404))
            assert answer.status != 200 or answer.file is None or content(answer) in BODIES
        else:
            answer.close()
