"""The grammar of a request's head, composed from small named pieces into one pattern, HEAD.

HEAD reads a whole head in one pass: every open-ended repeat is possessive (`*+`, `++`), so nothing
is tried twice and the work is linear in the bytes. What it matches is a valid head, up to the rules
that look across lines (a missing Host, two lengths: request.py, framing.py); why something does not
match is diagnosed afterwards, from the same pieces.

Section numbers are those of RFC 9112 unless another RFC is named.
"""

import re


def _any_case(word: bytes) -> bytes:
    return b"".join(b"[%c%c]" % (letter, letter ^ 0x20) for letter in word)


# RFC 9110, 5.6.2 and 5.6.3
TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
OWS = rb"[ \t]*+"

# RFC 9110, 5.5: visible characters, spaces, tabs and obs-text; no other control character.
FIELD_VALUE = rb"[\t\x20-\x7e\x80-\xff]*+"

# RFC 3986, 2: unreserved, sub-delims and pct-encoded. A run of plain characters comes first and
# percent signs between more runs: a repeat of a set is fast, a repeat of a choice is not.
_PLAIN = rb"0-9A-Za-z\-._~!$&'()*+,;="
_PERCENT = rb"%[0-9A-Fa-f]{2}"
_NAME = rb"[%b]*+(?:%b[%b]*+)*+" % (_PLAIN, _PERCENT, _PLAIN)
_PATH_AND_QUERY = rb"[%b:@/?]*+(?:%b[%b:@/?]*+)*+" % (_PLAIN, _PERCENT, _PLAIN)

# RFC 3986, 3.2.2: n groups, the gap "::", and at most 7 - n groups. IPvFuture has no version yet.
_GROUP = rb"[0-9A-Fa-f]{1,4}"
_OCTET = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LAST_TWO = rb"(?:%b:%b|%b(?:\.%b){3})" % (_GROUP, _GROUP, _OCTET, _OCTET)
_AFTER_GAP = [rb"(?:%b:){%d}%b" % (_GROUP, n, _LAST_TWO) for n in (5, 4, 3, 2, 1, 0)]
_AFTER_GAP += [_GROUP, b""]
_BEFORE_GAP = [b"", *(rb"(?:(?:%b:){0,%d}%b)?" % (_GROUP, n, _GROUP) for n in range(7))]
_IPV6 = [rb"(?:%b:){6}%b" % (_GROUP, _LAST_TWO)]
_IPV6 += [before + b"::" + after for before, after in zip(_BEFORE_GAP, _AFTER_GAP, strict=True)]

# RFC 3986, 3.2.2 and 3.2.3; a name includes IPv4 addresses.
# RFC 9110, 7.2: a Host may be empty; 4.2.1: the host of an http URI may not; 4.2.4: no userinfo.
HOST = rb"(?:%b|\[(?:%b)\])(?::[0-9]*+)?+" % (_NAME, b"|".join(_IPV6))

# 3.2: the forms of a target. Authority-form is CONNECT's, and CONNECT is not implemented here.
ORIGIN_FORM = rb"/" + _PATH_AND_QUERY  # 3.2.1
ABSOLUTE_FORM = rb"%b://(?![:/? ])%b(?:[/?]%b)?+" % (_any_case(b"http"), HOST, _PATH_AND_QUERY)
ASTERISK_FORM = rb"(?<=OPTIONS )\*"  # 3.2.4: of OPTIONS alone
TARGET = rb"(?:%b|%b|%b)" % (ORIGIN_FORM, ABSOLUTE_FORM, ASTERISK_FORM)

# RFC 9110, 9.1: the methods recognized; the application says which of them it allows, and where.
METHOD = rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE)"

# 3; RFC 9110, 2.5: a higher minor version is taken for the highest known, 1.1.
REQUEST_LINE = rb"(%b) (%b) HTTP/1\.([0-9])\r\n" % (METHOD, TARGET)

# 5.1: no space before the colon; 5.2: no folding; RFC 9110, 7.2: a Host that is one.
_HOST_LINE = rb"%b:%b%b%b\r\n" % (_any_case(b"host"), OWS, HOST, OWS)
_OTHER_LINE = rb"(?!%b:)%b:%b\r\n" % (_any_case(b"host"), TOKEN, FIELD_VALUE)
FIELD_LINE = rb"(?:%b|%b)" % (_HOST_LINE, _OTHER_LINE)

# 2.1; 2.2 asks to tolerate an empty line before it.
HEAD = rb"(?:\r\n)?+%b(%b*+)\r\n" % (REQUEST_LINE, FIELD_LINE)

match_head = re.compile(HEAD).match
match_request_line = re.compile(REQUEST_LINE).fullmatch
match_field_line = re.compile(FIELD_LINE).fullmatch
match_token = re.compile(TOKEN).fullmatch
