"""The guestbook, with Redis played by hand."""

from __future__ import annotations

import html
import re
import urllib.parse

import hiredis
import pytest

from servers import http1
from servers.app import Application
from servers.app.effects import Redis, RedisUnavailable
from tests.app.asking import SITE, begin, content, fields_of, finish, request

APP = Application("epoll", SITE)
FORM = b"application/x-www-form-urlencoded"


def shown(*remarks: bytes, visitors: int = 7) -> bytes:
    waiting, _ = begin(APP(request(b"/guestbook")))
    response = finish(waiting, [visitors, list(remarks)])
    assert response.status == 200
    return content(response)


def signed(remark: str | bytes) -> http1.Request:
    body = b"remark=" + urllib.parse.quote_plus(remark).encode()
    return request(b"/guestbook", b"POST", body, Content_Type=FORM)


def test_visit_is_counted_and_remarks_fetched_in_one_round_trip() -> None:
    _, effect = begin(APP(request(b"/guestbook")))
    assert isinstance(effect, Redis)
    assert effect.commands == (
        (b"INCR", b"visitor_count"),
        (b"LRANGE", b"guestbook_remarks", b"-100", b"-1"),
    )


def test_page_shows_the_count_and_the_remarks_newest_first() -> None:
    page = shown(b"the first", b"the second", visitors=1234)
    assert b"Visitor number 1234" in page
    assert 0 < page.index(b">the second</li>") < page.index(b">the first</li>")


def test_page_is_not_stored_anywhere() -> None:
    waiting, _ = begin(APP(request(b"/guestbook", b"HEAD")))
    fields = fields_of(finish(waiting, [1, []]))
    assert fields[b"cache-control"] == b"no-store"
    assert fields[b"content-type"] == b"text/html; charset=utf-8"
    assert b"default-src 'none'" in fields[b"content-security-policy"]


def test_empty_guestbook_invites() -> None:
    assert b"No remarks yet" in shown()


@pytest.mark.parametrize(
    "attack",
    [
        *("<script>alert(1)</script>", "</li><img src=x onerror=alert(1)>", "<!--", "]]>"),
        *("&lt;script&gt;", "\"' onmouseover='x", "{{remarks}}", "{{style}}", "%3Cb%3E", "\x00<b>"),
    ],
)
def test_remark_cannot_become_markup(attack: str) -> None:
    page = shown(attack.encode()).decode()
    items = page.split("<ol>")[1].split("</ol>")[0]
    assert re.findall("<[^>]*>?", items) == ['<li dir="auto">', "</li>"] * items.count("<li")
    texts = re.findall(r'<li dir="auto">([^<]*)</li>', items)
    assert "\0".join(html.unescape(text) for text in texts) == attack.strip("\n")


@pytest.mark.parametrize("made", [request(b"/guestbook"), signed("x")])
@pytest.mark.parametrize(
    "gone",
    [
        RedisUnavailable(),
        [hiredis.ReplyError("LOADING Redis is loading the dataset in memory"), []],
        [hiredis.ReplyError("OOM command not allowed"), []],
        [1, hiredis.ReplyError("MISCONF cannot persist")],
    ],
)
def test_store_that_is_away_is_said_and_when_to_come_back(
    made: http1.Request, gone: object, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting, _ = begin(APP(made))
    response = finish(waiting, gone)
    assert response.status == 503
    assert fields_of(response)[b"retry-after"] == b"1"
    assert b"Redis" in content(response)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("made", [request(b"/guestbook"), signed("x")])
def test_store_that_refuses_is_our_fault(
    made: http1.Request, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting, _ = begin(APP(made))
    response = finish(waiting, [hiredis.ReplyError("WRONGTYPE secret detail"), []])
    assert response.status == 500
    assert b"WRONGTYPE" not in content(response)
    assert "RedisRefused" in capsys.readouterr().err


@pytest.mark.parametrize("reply", [[None, []], [1, None], [1], [b"1", []], None, [1, [], 2]])
def test_replies_of_another_shape_are_a_500(
    reply: object, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting, _ = begin(APP(request(b"/guestbook")))
    assert finish(waiting, reply).status == 500
    assert capsys.readouterr().err.count("\n") == 1
