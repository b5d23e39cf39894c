"""Where other parsers differ from servers.http1, and why it stays so. The tests check every line.

STRICTER: cases of the table REFUSED that a peer accepts. LAXER: what is accepted here and refused
by a peer, told by a pattern in the wire.
"""

from __future__ import annotations

import re
from typing import NamedTuple

H11, HTTPTOOLS = frozenset({"h11"}), frozenset({"httptools"})
BOTH = H11 | HTTPTOOLS


class Stricter(NamedTuple):
    cases: str  # a pattern of names in REFUSED
    accepted_by: frozenset[str]
    why_refused: str


class Laxer(NamedTuple):
    wire: re.Pattern[bytes]
    refused_by: frozenset[str]
    why_accepted: str


STRICTER = [
    Stricter(
        "bare LF (after the request line|at the end of the head)|trailers ended by LF",
        H11,
        "RFC 9112, 2.2 lets a lone LF pass for CRLF; a proxy in front that does not would see "
        "other messages in the same bytes",
    ),
    Stricter(
        "two empty lines first",
        HTTPTOOLS,
        "RFC 9112, 2.2 asks to tolerate one; an endless stream of them is no request",
    ),
    Stricter("two spaces", HTTPTOOLS, "RFC 9112, 3: single spaces, and no guessing"),
    Stricter(
        "an unknown method .*|a method in lower case .*",
        H11,
        "RFC 9110, 9.1: 501 for a method not recognized; h11 leaves that to its caller",
    ),
    Stricter("CONNECT .*", BOTH, "RFC 9110, 9.3.6: for proxies; 501 like any unknown method"),
    Stricter(
        "HTTP/3.0",
        H11,
        "RFC 9110, 15.6.6: 505 for a major version not spoken",
    ),
    Stricter("HTTP/0.9, said aloud", BOTH, "RFC 9110, 15.6.6: the same; it never had a number"),
    Stricter("a relative target", H11, "RFC 9112, 3.2: it has none of the four forms"),
    Stricter("authority-form with GET .*", H11, "RFC 9112, 3.2.3: that form is CONNECT's"),
    Stricter("asterisk-form with GET .*", BOTH, "RFC 9112, 3.2.4: that form is OPTIONS'"),
    Stricter(
        "a fragment|a broken percent sign .*|a percent sign with no hex"
        "|a (backslash|quote) in the target",
        BOTH,
        "RFC 3986, 3.3 and 3.4: not of a path or a query; RFC 9112, 3.2 would rather refuse than "
        "repair",
    ),
    Stricter(
        r"(no host|only a port|userinfo) in a URI .*",
        BOTH,
        "RFC 9110, 4.2.1 and 4.2.4: such an authority is an error",
    ),
    Stricter(
        "https without TLS .*|a scheme not served .*",
        BOTH,
        "RFC 9110, 7.4: the server has no claim to that origin",
    ),
    Stricter(
        "no Host.*|two .*Hosts.*",
        HTTPTOOLS,
        "RFC 9112, 3.2: MUST be refused; httptools leaves that to its caller",
    ),
    Stricter("Host: .*", BOTH, "RFC 9112, 3.2: an invalid value MUST be refused"),
    Stricter("a (folded|line folded by a).* .5.2.", H11, "RFC 9112, 5.2: 400, or unfold; 400"),
    Stricter(
        "control character 0x(0[^0abc]|1.|7f) in a value",
        H11,
        "RFC 9110, 5.5: of no use but to deceive",
    ),
    Stricter(
        "content of no length .*|expected content of no length .*",
        BOTH,
        "RFC 9110, 15.5.12: content is announced; what follows would be read as a request",
    ),
    Stricter(
        "another expectation( among two)?( .RFC.*)?",
        BOTH,
        "RFC 9110, 10.1.1: 417; the parsers leave that to their callers",
    ),
]

LAXER = [
    Laxer(
        re.compile(rb"\A\r\n"),
        H11,
        "RFC 9112, 2.2: an empty line before the request is tolerated; h11 does so only between "
        "requests",
    ),
    Laxer(
        re.compile(rb"HTTP/1\.[2-9]\r\n"),
        HTTPTOOLS,
        "RFC 9110, 2.5: a higher minor version is read as the highest one known",
    ),
    Laxer(
        re.compile(rb"(?i:Content-Length):[ \t]*[0-9]{21,}"),
        H11,
        "RFC 9110, 8.6: any number of digits, and zeros add nothing",
    ),
    Laxer(
        re.compile(rb"\n[0-9A-Fa-f]{21,}[;\r]"),
        H11,
        "RFC 9112, 7.1: any number of digits, and zeros add nothing",
    ),
    Laxer(
        re.compile(rb"\n[0-9A-Fa-f]+(?:[ \t]+;|;[^\r]*[ \t])"),
        BOTH,
        "RFC 9112, 7.1.1: bad whitespace in a chunk extension MUST be parsed and removed",
    ),
    Laxer(
        re.compile(rb"\n(?i:Transfer-Encoding|Content-Length):[^\r]*\t"),
        HTTPTOOLS,
        "RFC 9112, 5.1: tabs around a value are no part of it, as spaces are not",
    ),
]
