"""The grammar of a request's head, composed from small named pieces into one pattern, HEAD.

HEAD reads a whole head in one pass: every repeat is possessive (`*+`, `++`), so it never backtracks
and its work is linear in the bytes. What it matches is a valid head, byte for byte, up to rules
that look across lines (a missing Host, two lengths); why something does not match is diagnosed
afterwards, from the same pieces. Section numbers are those of RFC 9112 unless another is named.

It loses to a hand-written state machine in C; in Python nothing else comes near it.
"""

import re


def _any_case(word: bytes) -> bytes:
    return b"".join(b"[%c%c]" % (letter, letter ^ 0x20) for letter in word)


# RFC 9110, 5.6.2 and 5.6.3
TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
OWS = rb"[ \t]*+"

# RFC 9110, 5.5: visible characters, spaces, tabs and obs-text; no other control character.
FIELD_VALUE = rb"[\t\x20-\x7e\x80-\xff]*+"

# RFC 3986, 3.2.2: IP-literal, or a name made of unreserved, sub-delims and pct-encoded, which
# includes IPv4 addresses. IPvFuture was never given a version and is refused.
PERCENT = rb"%[0-9A-Fa-f]{2}"
_NAME = rb"(?:[0-9A-Za-z\-._~!$&'()*+,;=]++|" + PERCENT + rb")"
_H16 = rb"[0-9A-Fa-f]{1,4}"
_OCTET = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LS32 = rb"(?:%b:%b|%b(?:\.%b){3})" % (_H16, _H16, _OCTET, _OCTET)
_AFTER_GAP = [*(rb"(?:%b:){%d}%b" % (_H16, n, _LS32) for n in range(5, -1, -1)), _H16, b""]
_IPV6 = b"|".join(
    [rb"(?:%b:){6}%b" % (_H16, _LS32)]
    + [
        (rb"(?:(?:%b:){0,%d}%b)?" % (_H16, before - 1, _H16) if before else b"") + rb"::" + after
        for before, after in enumerate(_AFTER_GAP)
    ]
)
_IP_LITERAL = rb"\[(?:" + _IPV6 + rb")\]"
_PORT = rb"(?::[0-9]*+)?+"
# RFC 9110, 7.2: Host may be empty; 4.2.1: the authority of an http URI may not.
HOST = rb"(?:" + _IP_LITERAL + rb"|" + _NAME + rb"*+)" + _PORT
AUTHORITY = rb"(?:" + _IP_LITERAL + rb"|" + _NAME + rb"++)" + _PORT

# 3.2: the forms of a request target. Authority-form belongs to CONNECT, which is not implemented.
_PATH_AND_QUERY = rb"(?:[0-9A-Za-z\-._~!$&'()*+,;=:@/?]++|" + PERCENT + rb")*+"
ORIGIN_FORM = rb"/" + _PATH_AND_QUERY
ABSOLUTE_FORM = _any_case(b"http") + rb"://" + AUTHORITY + rb"(?:[/?]" + _PATH_AND_QUERY + rb")?+"
ASTERISK_FORM = rb"(?<=OPTIONS )\*"  # 3.2.4: only with OPTIONS
TARGET = rb"(?:" + ORIGIN_FORM + rb"|" + ABSOLUTE_FORM + rb"|" + ASTERISK_FORM + rb")"

# RFC 9110, 9.1: a server knows the methods it knows; the application says which it allows where.
METHOD = rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE)"

# 3 and 2.3; RFC 9110, 2.5: a higher minor version is read as the highest one known, 1.1.
REQUEST_LINE = rb"(" + METHOD + rb") (" + TARGET + rb") HTTP/1\.([0-9])\r\n"

# 5 and 5.1: no whitespace before the colon; 5.2: no line folding; RFC 9110, 7.2: a valid Host.
_HOST_LINE = _any_case(b"host") + rb":" + OWS + HOST + OWS + rb"\r\n"
_OTHER_LINE = rb"(?!" + _any_case(b"host") + rb":)" + TOKEN + rb":" + FIELD_VALUE + rb"\r\n"
FIELD_LINE = rb"(?:" + _HOST_LINE + rb"|" + _OTHER_LINE + rb")"

# 2.1, with the one empty line before it that 2.2 asks to tolerate.
HEAD = rb"(?:\r\n)?+" + REQUEST_LINE + rb"(" + FIELD_LINE + rb"*+)\r\n"

match_head = re.compile(HEAD).match
match_request_line = re.compile(REQUEST_LINE).fullmatch
match_field_line = re.compile(FIELD_LINE).fullmatch
match_token = re.compile(TOKEN).fullmatch
