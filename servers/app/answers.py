"""The responses that more than one route gives, and the fields that they share.

Made at start wherever nothing in them depends on the request: then they cost nothing per request.
"""

from __future__ import annotations

from servers.http1 import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Fields: TypeAlias = tuple[tuple[bytes, bytes], ...]

# A dynamic page is made for one client at one moment.
_DYNAMIC = ((b"Cache-Control", b"no-store"), (b"X-Content-Type-Options", b"nosniff"))

# What a page of ours needs, and nothing else: its own style, its own picture, its own form.
PAGE_FIELDS: Fields = (
    (b"X-Content-Type-Options", b"nosniff"),
    (
        b"Content-Security-Policy",
        b"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
)

HTML = (b"Content-Type", b"text/html; charset=utf-8")
TEXT = (b"Content-Type", b"text/plain; charset=utf-8")


def plain(status: int, text: bytes, *fields: tuple[bytes, bytes]) -> Response:
    """A line of text for people and programs alike."""
    return Response(status, (TEXT, *_DYNAMIC, *fields), text + b"\n")


def page(status: int, html: bytes, *fields: tuple[bytes, bytes]) -> Response:
    """A page for people, made for this request."""
    return Response(status, (HTML, _DYNAMIC[0], *PAGE_FIELDS, *fields), html)


def octets(content: bytes) -> Response:
    """Bytes that came from a client. Of no type that a browser would render or run."""
    return Response(200, ((b"Content-Type", b"application/octet-stream"), *_DYNAMIC), content)


BAD_PATH = plain(400, b"The path holds a % that is not followed by two hexadecimal digits.")
NOT_FOUND = plain(404, b"There is nothing here. The index page at / says what there is.")
FAILED = plain(500, b"Something went wrong here. It is not your request's fault.")
