"""Wires that are refused: name -> (bytes, status). Sections are RFC 9112's unless another is named.

Every offence is told from these bytes alone: what follows, or how they are cut, changes nothing.
"""

from tests.http1.accepted import get
from tests.http1.refused_framing import REFUSED_FRAMING


def field(line: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n" % line


def request_line(line: bytes) -> bytes:
    return line + b"\r\nHost: x\r\n\r\n"


def host(value: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n" % value


NOT_HOSTS = (
    *(b"a b", b"a/b", b"me@x", b"x:y", b"x:1:2", b"http://x", b"\xff", b"x?", b"%2", b"[", b"[]"),
    *(b"[x]", b"[::1", b"[1::2::3]", b"[1:2:3:4:5:6:7]", b"[1:2:3:4:5:6:7:8:9]", b"[v1.x]"),
    *(b"[::12345]", b"[::256.0.0.1]", b"[::1.2.3]", b"[1:2:3:4:5:6:7:8::]"),
)

REFUSED: dict[str, tuple[bytes, int]] = {
    # 2.2: line ends
    "bare LF after the request line": (b"GET / HTTP/1.1\nHost: x\n\n", 400),
    "bare LF after a field": (b"GET / HTTP/1.1\r\nHost: x\n", 400),
    "bare LF at the end of the head": (b"GET / HTTP/1.1\r\nHost: x\r\n\n", 400),
    "bare CR in the request line": (request_line(b"GET /\rx HTTP/1.1"), 400),
    "bare CR in a value": (field(b"A: b\rc"), 400),
    "bare CR before CRLF": (field(b"A: b\r"), 400),
    "two empty lines first": (b"\r\n\r\n" + get(), 400),
    "a lone LF first": (b"\n", 400),
    "whitespace before the first field": (b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400),
    # 3: the request line
    "a TLS hello": (b"\x16", 400),
    "a space first": (b" ", 400),
    "HTTP/0.9": (b"GET /\r\n", 400),
    "no target": (request_line(b"GET HTTP/1.1"), 400),
    "an empty target": (request_line(b"GET  HTTP/1.1"), 400),
    "two spaces": (request_line(b"GET  / HTTP/1.1"), 400),
    "a tab for a space": (request_line(b"GET\t/ HTTP/1.1"), 400),
    "a space at the end": (request_line(b"GET / HTTP/1.1 "), 400),
    "a space in the target": (request_line(b"GET /a b HTTP/1.1"), 400),
    "a malformed method": (request_line(b"G@T / HTTP/1.1"), 400),
    "an unknown method (RFC 9110, 9.1)": (request_line(b"BREW / HTTP/1.1"), 501),
    "a method in lower case (RFC 9110, 9.1)": (request_line(b"get / HTTP/1.1"), 501),
    "CONNECT (RFC 9110, 9.3.6)": (request_line(b"CONNECT x:443 HTTP/1.1"), 501),
    # 2.3: versions
    "HTTP/2.0": (b"PRI * HTTP/2.0\r\n", 505),
    "HTTP/3.0": (request_line(b"GET / HTTP/3.0"), 505),
    "HTTP/0.9, said aloud": (request_line(b"GET / HTTP/0.9"), 505),
    "HTTP/1": (request_line(b"GET / HTTP/1"), 400),
    "HTTP/1.10": (request_line(b"GET / HTTP/1.10"), 400),
    "HTTP/11.1": (request_line(b"GET / HTTP/11.1"), 400),
    "http/1.1": (request_line(b"GET / http/1.1"), 400),
    "HTTP 1.1": (request_line(b"GET / HTTP-1.1"), 400),
    # 3.2: targets
    "a relative target": (request_line(b"GET a HTTP/1.1"), 400),
    "asterisk-form with GET (3.2.4)": (request_line(b"GET * HTTP/1.1"), 400),
    "authority-form with GET (3.2.3)": (request_line(b"GET x:80 HTTP/1.1"), 400),
    "a fragment": (request_line(b"GET /a#b HTTP/1.1"), 400),
    "a broken percent sign (RFC 3986, 2.1)": (request_line(b"GET /%2 HTTP/1.1"), 400),
    "a percent sign with no hex": (request_line(b"GET /%zz HTTP/1.1"), 400),
    "raw UTF-8 in the target": (request_line("GET /é HTTP/1.1".encode()), 400),
    "NUL in the target": (request_line(b"GET /\0 HTTP/1.1"), 400),
    "DEL in the target": (request_line(b"GET /\x7f HTTP/1.1"), 400),
    "a backslash in the target": (request_line(b"GET /\\ HTTP/1.1"), 400),
    "a quote in the target": (request_line(b'GET /" HTTP/1.1'), 400),
    "no host in a URI (RFC 9110, 4.2.1)": (request_line(b"GET http:///a HTTP/1.1"), 400),
    "only a port in a URI (RFC 9110, 4.2.1)": (request_line(b"GET http://:80/ HTTP/1.1"), 400),
    "userinfo in a URI (RFC 9110, 4.2.4)": (request_line(b"GET http://me@x/ HTTP/1.1"), 400),
    "https without TLS (RFC 9110, 7.4)": (request_line(b"GET https://x/ HTTP/1.1"), 421),
    "a scheme not served (RFC 9110, 7.4)": (request_line(b"GET ftp://x/ HTTP/1.1"), 421),
    # 3.2: Host
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "no Host with absolute-form": (b"GET http://x/ HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (field(b"host: y"), 400),
    "two equal Hosts": (field(b"Host: x"), 400),
    "two Hosts in HTTP/1.0": (b"GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", 400),
    **{f"Host: {value.decode('latin-1')}": (host(value), 400) for value in NOT_HOSTS},
    # 5: fields
    "a space before the colon (5.1)": (field(b"A : b"), 400),
    "a tab before the colon (5.1)": (field(b"A\t: b"), 400),
    "a space before Host's colon (5.1)": (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    "a folded line (5.2)": (field(b"A: b\r\n c"), 400),
    "a line folded by a tab (5.2)": (field(b"A: b\r\n\tc"), 400),
    "a folded empty line (5.2)": (field(b"A: b\r\n "), 400),
    "a line without a colon": (field(b"A"), 400),
    "no name": (field(b": b"), 400),
    "a space in a name": (field(b"A B: c"), 400),
    "a name in quotes": (field(b'"A": b'), 400),
    "obs-text in a name": (field(b"\xe9: b"), 400),
    **{
        f"control character {code:#04x} in a value": (field(b"A: b%cc" % code), 400)
        for code in (*range(9), *range(0x0B, 0x0D), *range(0x0E, 0x20), 0x7F)
    },
    **REFUSED_FRAMING,
}
