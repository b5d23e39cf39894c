"""The guestbook: visitors counted and remarks kept in Redis, one round trip per request.

A GET counts the visitor and fetches the newest remarks; a POST appends one and trims the list, so
neither the store nor the page grows without bound. Remarks are stored as they were written and
escaped where they are shown. The handlers are generators: they say what they wait for, and the
model decides how.
"""

from __future__ import annotations

from servers.app.answers import page, plain
from servers.app.effects import Redis, RedisUnavailable
from servers.app.escaping import escape_html
from servers.app.forms import MEDIA_TYPE, is_form, parse_form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servers.app.effects import EffectHandler, Reply
    from servers.app.pages import Pages
    from servers.http1 import Request, Response

REMARKS_KEPT = 100
REMARK_LIMIT = 1_000  # characters; the template's maxlength is filled in from here
FORM_LIMIT = 16_384  # bytes: a remark of the longest characters, each octet percent-encoded

_VISIT = (
    (b"INCR", b"visitor_count"),
    (b"LRANGE", b"guestbook_remarks", b"%d" % -REMARKS_KEPT, b"-1"),
)
_TRIM = (b"LTRIM", b"guestbook_remarks", b"%d" % -REMARKS_KEPT, b"-1")

# Control characters have no place in a remark; NUL is also what the page is joined by.
_WITHOUT_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x0A}

# Codes of errors that pass by themselves: the store is there, but not now.
_PASSING = ("LOADING", "BUSY", "OOM", "MISCONF", "READONLY", "MASTERDOWN")


class RedisRefused(Exception):  # noqa: N818 - said by Redis, not wrong here
    """Redis answered a command of ours with an error, or with what no such command answers."""


class Guestbook:
    """The handlers of /guestbook, with the responses that can be made at start."""

    __slots__ = ("_away", "_page", "_signed", "_too_long", "_undecodable", "_without_words")

    def __init__(self, pages: Pages) -> None:
        self._page = pages.guestbook.fill_known(
            {b"limit": b"%d" % REMARK_LIMIT, b"kept": b"%d" % REMARKS_KEPT}
        )
        self._signed = plain(303, b"Signed.", (b"Location", b"/guestbook"))
        self._undecodable = plain(400, b"The form is not percent-encoded UTF-8.")
        self._without_words = page(
            400,
            pages.notice(b"Not a word?", b"An empty remark says nothing. Go back and write one."),
        )
        self._too_long = page(
            400,
            pages.notice(
                b"That was a long one", b"A remark may have up to %d characters." % REMARK_LIMIT
            ),
        )
        self._away = page(
            503,
            pages.notice(
                b"The guestbook is away",
                b"Its store (Redis) does not answer. This page works again as soon as it does.",
            ),
            (b"Retry-After", b"1"),
        )

    def read(self, _request: Request, _rest: bytes) -> EffectHandler:
        """Count the visitor and show the remarks, the newest first."""
        try:
            visitors, remarks = _checked((yield Redis(_VISIT)))
        except RedisUnavailable:
            return self._away
        if not isinstance(visitors, int) or not isinstance(remarks, list):
            raise RedisRefused("replies of unexpected types")
        values = {b"visitors": b"%d" % visitors, b"remarks": _listed(remarks)}
        return page(200, self._page.fill(values))

    def sign(self, request: Request, _rest: bytes) -> EffectHandler | Response:
        """Check the remark; only a good one costs a trip to Redis."""
        if not is_form(request.fields.get(b"content-type", b"")):
            return _NOT_A_FORM
        if len(request.body) > FORM_LIMIT:
            return _TOO_LARGE
        try:
            fields = dict(reversed(parse_form(request.body)))  # of repeated fields, the first
        except ValueError:
            return self._undecodable
        # Browsers send CR LF for a line break and count it as one character.
        remark = fields.get("remark", "").replace("\r\n", "\n").translate(_WITHOUT_CONTROLS).strip()
        if not remark:
            return self._without_words
        if len(remark) > REMARK_LIMIT:
            return self._too_long
        return self._keep(remark.encode())

    def _keep(self, remark: bytes) -> EffectHandler:
        try:
            _checked((yield Redis(((b"RPUSH", b"guestbook_remarks", remark), _TRIM))))
        except RedisUnavailable:
            return self._away
        return self._signed


_NOT_A_FORM = plain(415, b"The guestbook takes " + MEDIA_TYPE + b".", (b"Accept-Post", MEDIA_TYPE))
_TOO_LARGE = plain(413, b"A form may have up to %d bytes." % FORM_LIMIT)


def _checked(replies: list[Reply]) -> list[Reply]:
    """The replies; RedisUnavailable or RedisRefused where one of them is an error."""
    for reply in replies:
        if isinstance(reply, Exception):
            code = str(reply).partition(" ")[0]
            raise RedisUnavailable(code) if code in _PASSING else RedisRefused(code)
    return replies


def _listed(remarks: list[Reply]) -> bytes:
    """The remarks as list items, the newest first.

    Joined, then escaped: one pass over the text of all instead of one over each. NUL, which no
    remark of ours holds, marks the joints.
    """
    if not remarks:
        return b'<li class="none">No remarks yet. Yours could be the first.</li>'
    text = b"\0".join([remark for remark in reversed(remarks) if isinstance(remark, bytes)])
    items = escape_html(text).replace(b"\0", b'</li>\n<li dir="auto">')
    return b'<li dir="auto">' + items + b"</li>"
