"""POST /echo gives the body back, as bytes and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from servers.app import Application
from tests.app.asking import SITE, ask, content, fields_of

APP = Application("epoll", SITE)


@given(st.binary(max_size=300_000))
def test_the_body_comes_back(body: bytes) -> None:
    answer = ask(APP, b"/echo", b"POST", body, Content_Type=b"text/html")
    assert (answer.status, content(answer)) == (200, body)
    fields = fields_of(answer)
    assert fields[b"content-type"] == b"application/octet-stream"  # no page of a client's making
    assert fields[b"x-content-type-options"] == b"nosniff"


def test_there_is_nothing_to_get() -> None:
    answer = ask(APP, b"/echo")
    assert (answer.status, fields_of(answer)[b"allow"]) == (405, b"OPTIONS, POST")
