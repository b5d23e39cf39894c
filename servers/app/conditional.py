"""Conditional requests: does the client already hold what it asks for? (RFC 9110, 13)

Answers with a status: 200 go on, 304 nothing new, 412 the client's assumption is wrong. The order
of the questions is section 13.2.2's and matters: tags win over dates. Dates that cannot be read,
and dates given twice, count as absent (13.1.3, 13.1.4). Our tags hold neither comma nor space, so
a list of tags may be split at its commas: no piece of a foreign tag can look like one of ours.
"""

from __future__ import annotations

from servers.http1 import parse_http_date

# The fields that may ask for anything but the whole file; their absence is the common case.
SELECTING = frozenset(
    (
        b"if-match",
        b"if-none-match",
        b"if-modified-since",
        b"if-unmodified-since",
        b"range",
    )
)


def evaluate(fields: dict[bytes, bytes], etag: bytes, modified_s: int) -> int:
    """The status that the preconditions of a GET or HEAD lead to: 200, 304 or 412."""
    if (tags := fields.get(b"if-match")) is not None:
        if not _lists(tags, etag):  # strong comparison: W/"x" is never our "x"
            return 412
    elif (since_s := _date(fields, b"if-unmodified-since")) is not None and modified_s > since_s:
        return 412
    if (tags := fields.get(b"if-none-match")) is not None:
        return 304 if _lists(tags, etag) or _lists(tags, b"W/" + etag) else 200  # weak comparison
    if (since_s := _date(fields, b"if-modified-since")) is not None and modified_s <= since_s:
        return 304
    return 200


def range_stands(fields: dict[bytes, bytes], etag: bytes, modified_s: int) -> bool:
    """Whether If-Range lets the Range be served (13.1.5): the very same bytes or all of them.

    A date is as good as a tag here: the file is read once, so it never changes twice in a second.
    """
    validator = fields.get(b"if-range")
    return validator is None or validator == etag or parse_http_date(validator) == modified_s


def _lists(tags: bytes, etag: bytes) -> bool:
    return tags == b"*" or etag in [tag.strip(b" \t") for tag in tags.split(b",")]


def _date(fields: dict[bytes, bytes], name: bytes) -> int | None:
    value = fields.get(name)
    return None if value is None else parse_http_date(value)
