"""application/x-www-form-urlencoded: a form's fields out of a body (URL Standard, 5.1).

Strict where browsers are: what no browser sends (a stray %, octets that are not UTF-8) is refused
instead of guessed at. Files (multipart/form-data) are not taken.
"""

from __future__ import annotations

from servers.app.escaping import percent_decode

MEDIA_TYPE = b"application/x-www-form-urlencoded"


def is_form(content_type: bytes) -> bool:
    """Whether a Content-Type names a form; its parameters do not matter, case does not either."""
    return content_type.partition(b";")[0].strip(b" \t").lower() == MEDIA_TYPE


def parse_form(body: bytes) -> list[tuple[str, str]]:
    """The fields in their order, repeated ones too; ValueError for what cannot be decoded."""
    fields = []
    for pair in body.split(b"&"):
        if pair:
            name, _, value = pair.replace(b"+", b" ").partition(b"=")
            fields.append((percent_decode(name).decode(), percent_decode(value).decode()))
    return fields
