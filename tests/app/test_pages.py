"""The pages for people: what they say, that they are whole, and that they need nobody else."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from servers import http1
from servers.app import Application
from servers.app.template import Template
from tests.app.asking import SITE, ask, begin, content, fields_of, finish, request

MODELS = ["iterative", "forking", "preforked", "threaded", "prethreaded", "poll", "epoll"]
VOID = {"meta", "link", "img", "br", "input"}


class Reader(HTMLParser):
    """Checks that elements close in order; collects what the page refers to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.references: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        self.references += [v for n, v in attrs if n in ("href", "src", "action") and v]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def pages_of(app: Application) -> dict[str, str]:
    book = finish(begin(app(request(b"/guestbook")))[0], [1, [b"Hello"]])
    form = {"Content_Type": b"application/x-www-form-urlencoded"}
    pages = {
        "index": ask(app, b"/"),
        "models": ask(app, b"/models"),
        "guestbook": book,
        "notice": ask(app, b"/guestbook", b"POST", **form),
        "small": ask(app, b"/615b.html"),
    }
    return {name: content(page).decode() for name, page in pages.items()}


@pytest.mark.parametrize("model", MODELS)
def test_index_tells_which_model_serves_it_and_how(model: str) -> None:
    index = pages_of(Application(model, SITE))["index"]
    assert f"<h1><em>{model}</em></h1>" in index
    for word in ("Who accepts?", "Who waits?", "Who reaps?", "<svg"):
        assert word in index


def test_one_page_shows_all_seven_in_the_order_of_the_articles() -> None:
    page = pages_of(Application("poll", SITE))["models"]
    assert re.findall(r'<h2 id="(\w+)">', page) == [
        *("iterative", "forking", "preforked", "threaded", "prethreaded", "poll", "epoll")
    ]
    assert page.count("<svg") == page.count("Who reaps?") == len(MODELS)


def test_model_without_a_portrait_is_served_a_page_without_one() -> None:
    pages = pages_of(Application("<new> & strange", SITE))
    assert "<h1><em>&lt;new&gt; &amp; strange</em></h1>" in pages["index"]
    assert "Who accepts?" not in pages["index"]


@pytest.mark.parametrize("model", MODELS)
def test_pages_are_whole_and_refer_only_to_what_is_served(model: str) -> None:
    app = Application(model, SITE)
    for page in pages_of(app).values():
        assert "{{" not in page
        assert not re.search(r"https?://|@import|url\((?!#)", page)
        for reference in Reader(page).references:
            answer = app(request(reference.encode()))
            if not isinstance(answer, http1.Response):
                answer.close()  # a handler that waits: it is there
            else:
                assert answer.status == 200, reference


def test_index_is_cached_by_its_tag_and_guarded_by_its_policy(app: Application) -> None:
    fields = fields_of(ask(app, b"/"))
    assert ask(app, b"/", If_None_Match=fields[b"etag"]).status == 304
    assert b"default-src 'none'" in fields[b"content-security-policy"]
    assert fields[b"x-content-type-options"] == b"nosniff"
    other = fields_of(ask(Application("poll", SITE), b"/"))
    assert other[b"etag"] != fields[b"etag"]


def test_template_is_filled_once_and_values_stay_as_they_are() -> None:
    template = Template(b"{{a}}-{{b}}{{a}}")
    assert template.names() == {b"a", b"b"}
    assert template.fill({b"a": b"{{b}}", b"b": b"}}{{"}) == b"{{b}}-}}{{{{b}}"
    partly = template.fill_known({b"a": b"1", b"unused": b""})
    assert partly.names() == {b"b"}
    assert partly.fill({b"b": b"2"}) == b"1-21"


def test_template_that_is_wrong_is_noticed() -> None:
    with pytest.raises(ValueError, match="never closed"):
        Template(b"a {{b")
    with pytest.raises(KeyError, match="b"):
        Template(b"{{b}}").fill({})


def test_running_application_has_few_modules() -> None:
    """Every module loaded is paid for again at each fork."""
    program = (
        "import sys; before = set(sys.modules)\n"
        "from servers.app import Application\n"
        f"Application('epoll', {SITE!r})\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    root = Path(SITE).parents[1]
    run = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    loaded = {name for name in run.stdout.split() if not name.startswith("servers")}
    heavy = {"html", "urllib", "email", "string", "typing", "dataclasses", "logging", "hashlib"}
    outside = {"socket", "select", "threading", "signal", "time", "selectors", "subprocess"}
    assert not loaded & (heavy | outside)
