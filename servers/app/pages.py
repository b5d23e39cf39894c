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


class Pages:
    """The index as a static file, and the templates that a request fills in."""

    __slots__ = ("_notice", "guestbook", "index")

    def __init__(self, model: str, folder: str) -> None:
        known = {
            b"model": escape_html(model.encode()),
            b"style": _read(folder, "templates", "style.css"),
        }
        self.guestbook = Template(_read(folder, "templates", "guestbook.html")).fill_known(known)
        self._notice = Template(_read(folder, "templates", "notice.html")).fill_known(known)
        index = Template(_read(folder, "templates", "index.html"))
        known[b"portrait"] = _portrait(model, folder)
        modified_s = int(os.stat(os.path.join(folder, "templates", "index.html")).st_mtime)
        self.index = StaticFile(index.fill(known), HTML[1], modified_s, PAGE_FIELDS)

    def notice(self, title: bytes, message: bytes) -> bytes:
        """A page that says one thing, with the way back to the guestbook."""
        return self._notice.fill({b"title": title, b"message": message})


def _portrait(model: str, folder: str) -> bytes:
    try:
        return _read(folder, "models", model + ".html")
    except FileNotFoundError:
        return b""


def _read(*path: str) -> bytes:
    with open(os.path.join(*path), "rb") as file:
        return file.read()
