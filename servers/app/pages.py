"""The pages made from templates, with all that is known at start filled in at start.

The templates lie in the site's `templates` folder, the portraits of the models (who accepts, who
waits, who reaps, and a drawing) in `models`. A model without a portrait gets a page without one.
"""

from __future__ import annotations

import os

from servers.app.answers import HTML, PAGE_FIELDS
from servers.app.escaping import escape_html
from servers.app.static import StaticFile
from servers.app.template import Template

ARTICLES = ("iterative", "forking", "preforked", "threaded", "prethreaded", "poll", "epoll")


class Pages:
    """Index and overview of the models as static files; the templates that a request fills in."""

    __slots__ = ("_notice", "guestbook", "index", "models")

    def __init__(self, model: str, folder: str) -> None:
        known = {
            b"model": escape_html(model.encode()),
            b"style": _read(folder, "templates", "style.css"),
        }
        self.guestbook = Template(_read(folder, "templates", "guestbook.html")).fill_known(known)
        self._notice = Template(_read(folder, "templates", "notice.html")).fill_known(known)
        known[b"portrait_style"] = _read(folder, "templates", "portrait.css")
        known[b"portrait"] = _portrait(model, folder)
        known[b"portraits"] = b"\n".join(
            b'<h2 id="%b">%b</h2>\n%b' % (name.encode(), name.encode(), _portrait(name, folder))
            for name in _models(folder)
        )
        self.index = _static("index.html", folder, known)
        self.models = _static("models.html", folder, known)

    def notice(self, title: bytes, message: bytes) -> bytes:
        """A page that says one thing, with the way back to the guestbook."""
        return self._notice.fill({b"title": title, b"message": message})


def _static(name: str, folder: str, known: dict[bytes, bytes]) -> StaticFile:
    page = Template(_read(folder, "templates", name)).fill(known)
    modified_s = int(os.stat(os.path.join(folder, "templates", name)).st_mtime)
    return StaticFile(page, HTML[1], modified_s, PAGE_FIELDS)


def _models(folder: str) -> list[str]:
    """Those that have a portrait: in the articles' order, and then any others."""
    try:
        files = os.listdir(os.path.join(folder, "models"))
    except FileNotFoundError:
        return []
    names = [file.removesuffix(".html") for file in files]
    known = [name for name in ARTICLES if name in names]
    return known + sorted(set(names) - set(known))


def _portrait(model: str, folder: str) -> bytes:
    try:
        return _read(folder, "models", model + ".html")
    except FileNotFoundError:
        return b""


def _read(*path: str) -> bytes:
    with open(os.path.join(*path), "rb") as file:
        return file.read()
