"""Text on its way in and out: percent-decoding (RFC 3986, 2.1) and escaping for HTML.

The standard library's urllib and html do the same with more on board; their import would be paid
again at every fork. Both work on bytes: the octets that matter are ASCII, and ASCII never occurs
inside a longer UTF-8 sequence.
"""

from __future__ import annotations

from binascii import a2b_hex


def percent_decode(raw: bytes) -> bytes:
    """Undo percent-encoding; ValueError where a % is not followed by two hexadecimal digits."""
    literal, *escapes = raw.split(b"%")
    if not escapes:
        return raw
    pieces = [literal]
    for escape in escapes:
        if len(escape) < 2:
            raise ValueError("a % without its two digits")
        pieces.append(a2b_hex(escape[:2]))
        pieces.append(escape[2:])
    return b"".join(pieces)


def escape_html(text: bytes) -> bytes:
    """Make text safe inside an element and inside a quoted attribute; & goes first."""
    return (
        text.replace(b"&", b"&amp;")
        .replace(b"<", b"&lt;")
        .replace(b">", b"&gt;")
        .replace(b'"', b"&quot;")
        .replace(b"'", b"&#39;")
    )
