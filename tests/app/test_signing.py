"""Signing the guestbook: what is kept of a remark, and what is refused before Redis is asked."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers import http1
from servers.app.effects import Redis
from servers.app.guestbook import FORM_LIMIT, REMARK_LIMIT, REMARKS_KEPT
from tests.app.asking import ask, begin, content, fields_of, finish, request
from tests.app.test_guestbook import APP, FORM, shown, signed


def kept(remark: str) -> bytes:
    """What is sent to Redis when a remark is signed."""
    _, effect = begin(APP(signed(remark)))
    assert isinstance(effect, Redis)
    command, key, value = effect.commands[0]
    assert (command, key) == (b"RPUSH", b"guestbook_remarks")
    return value


@given(remark=st.text(max_size=40))
def test_what_is_signed_is_shown_but_for_controls(remark: str) -> None:
    without = "".join(
        c
        for c in remark.replace("\r\n", "\n")
        if c == "\n" or not (c < " " or "\x7f" <= c < "\xa0")
    ).strip()
    if without:
        assert kept(remark) == without.encode()
        assert html.escape(without).replace("&#x27;", "&#39;").encode() in shown(without.encode())
    else:
        answer = APP(signed(remark))
        assert isinstance(answer, http1.Response)
        assert answer.status == 400


def test_signing_keeps_the_list_bounded_and_leads_back() -> None:
    waiting, effect = begin(APP(signed("Hello, ferry")))
    assert isinstance(effect, Redis)
    assert effect.commands == (
        (b"RPUSH", b"guestbook_remarks", b"Hello, ferry"),
        (b"LTRIM", b"guestbook_remarks", b"-%d" % REMARKS_KEPT, b"-1"),
    )
    response = finish(waiting, [1, b"OK"])
    assert response.status == 303
    assert fields_of(response)[b"location"] == b"/guestbook"


def test_other_fields_are_ignored_and_of_a_repeated_one_the_first_counts() -> None:
    body = b"name=x&remark=first&remark=second&"
    answer = APP(request(b"/guestbook", b"POST", body, Content_Type=FORM + b"; charset=utf-8"))
    _, effect = begin(answer)
    assert isinstance(effect, Redis)
    assert effect.commands[0][2] == b"first"


@pytest.mark.parametrize("body", [b"", b"remark=", b"remark=+%0D%0A%09", b"other=x", b"remark"])
def test_remark_without_words_is_refused_with_a_page(body: bytes) -> None:
    response = ask(APP, b"/guestbook", b"POST", body, Content_Type=FORM)
    assert response.status == 400
    assert b"<h1>Not a word?</h1>" in content(response)


def test_length_is_limited_in_characters_as_the_browser_counts_line_breaks() -> None:
    assert (
        kept("\r\n".join("ж" * (REMARK_LIMIT // 2)) + "ж")
        == ("\n".join("ж" * (REMARK_LIMIT // 2)) + "ж").encode()
    )
    longest = "\U0001f427" * REMARK_LIMIT
    assert kept(longest) == longest.encode()
    answer = APP(signed("x" * (REMARK_LIMIT + 1)))
    assert isinstance(answer, http1.Response)
    assert answer.status == 400
    assert b"up to %d characters" % REMARK_LIMIT in content(answer)
    assert b'maxlength="%d"' % REMARK_LIMIT in shown()


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (413, b"remark=" + b"x" * FORM_LIMIT, FORM),
        (415, b"remark=x", b"text/plain"),
        (415, b"remark=x", b"multipart/form-data; boundary=remark"),
        (400, b"remark=%ff", FORM),
        (400, b"remark=%4", FORM),
        (400, b"remark=\xff", FORM),
    ],
)
def test_what_is_no_form_is_refused(status: int, body: bytes, content_type: bytes) -> None:
    response = ask(APP, b"/guestbook", b"POST", body, Content_Type=content_type)
    assert response.status == status


def test_form_without_a_type_is_refused() -> None:
    response = ask(APP, b"/guestbook", b"POST", b"remark=x")
    assert response.status == 415
    assert fields_of(response)[b"accept-post"] == FORM
