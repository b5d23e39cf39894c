"""Wires that are accepted, and what they mean: name -> (bytes, expected requests).

A request is written as (method, target, body); the tests of the fields and flags stand elsewhere.
"""

HOST = b"Host: x\r\n"


def get(target: bytes = b"/", *lines: bytes, version: bytes = b"1.1") -> bytes:
    fields = b"".join(line + b"\r\n" for line in lines)
    return b"GET %b HTTP/%b\r\n%b%b\r\n" % (target, version, HOST, fields)


def post(body: bytes, *lines: bytes) -> bytes:
    fields = b"".join(line + b"\r\n" for line in lines)
    return b"POST /form HTTP/1.1\r\n%b%b\r\n%b" % (HOST, fields, body)


def chunked(body: bytes) -> bytes:
    return post(body, b"Transfer-Encoding: chunked")


ONE_GET = [(b"GET", b"/", b"")]


def to_form(body: bytes) -> list[tuple[bytes, bytes, bytes]]:
    return [(b"POST", b"/form", body)]


def targets(*those: bytes) -> dict[str, tuple[bytes, list[tuple[bytes, bytes, bytes]]]]:
    return {f"target {that.decode()}": (get(that), [(b"GET", that, b"")]) for that in those}


def hosts(*those: bytes) -> dict[str, tuple[bytes, list[tuple[bytes, bytes, bytes]]]]:
    wire = b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n"
    return {f"host {that.decode()}": (wire % that, ONE_GET) for that in those}


ACCEPTED: dict[str, tuple[bytes, list[tuple[bytes, bytes, bytes]]]] = {
    "one field": (get(), ONE_GET),
    "several fields": (get(b"/", b"Accept: */*", b"User-Agent: me"), ONE_GET),
    "HEAD": (b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", [(b"HEAD", b"/", b"")]),
    "OPTIONS *": (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", [(b"OPTIONS", b"*", b"")]),
    "HTTP/1.0 without Host": (b"GET / HTTP/1.0\r\n\r\n", ONE_GET),
    "HTTP/1.0 with keep-alive": (get(b"/", b"Connection: Keep-Alive", version=b"1.0"), ONE_GET),
    "a higher minor version (RFC 9110, 2.5)": (get(version=b"1.7"), ONE_GET),
    "Connection: close": (get(b"/", b"Connection: close"), ONE_GET),
    "an empty line first (2.2)": (b"\r\n" + get(), ONE_GET),
    "an empty line between (2.2)": (get() + b"\r\n" + get(), ONE_GET * 2),
    "pipelined": (get(b"/1") + get(b"/2"), [(b"GET", b"/1", b""), (b"GET", b"/2", b"")]),
    "pipelined behind bodies": (
        post(b"ab", b"Content-Length: 2") + chunked(b"1\r\nc\r\n0\r\n\r\n") + get(),
        [*to_form(b"ab"), *to_form(b"c"), *ONE_GET],
    ),
    "nothing is read after close (9.6)": (get(b"/", b"Connection: close") + get(), ONE_GET),
    **targets(b"/a/b.html?q=1&r=/?", b"/%7Euser/%2e%2e", b"//x", b"/?", b"/a:b@c;d=e,f!$'()*+~_-"),
    **targets(b"http://x", b"http://x/a?b", b"HTTP://x:80?q", b"http://[::1]/"),
    **hosts(b"", b"x", b"x:80", b"x:", b"127.0.0.1:8001", b"a_b.c%20d", b"[::1]", b"[::]:80"),
    **hosts(b"[1:2:3:4:5:6:7:8]", b"[1::8]", b"[::ffff:10.0.0.255]", b"[1:2:3:4:5:6:7::]"),
    "an empty value": (get(b"/", b"A:"), ONE_GET),
    "spaces around a value (5.1)": (get(b"/", b"A: \t b c \t "), ONE_GET),
    "no space before a value": (get(b"/", b"A:b"), ONE_GET),
    "obs-text in a value (RFC 9110, 5.5)": (get(b"/", b"A: caf\xe9 \xff"), ONE_GET),
    "every token character in a name": (get(b"/", b"!#$%&'*+-.^_`|~09azAZ: v"), ONE_GET),
    "repeated fields": (get(b"/", b"A: 1", b"a: 2"), ONE_GET),
    "names that begin like Host": (get(b"/", b"Hos: \x80", b"Hosts: /", b"H: /"), ONE_GET),
    "Content-Length": (post(b"a=b", b"Content-Length: 3"), to_form(b"a=b")),
    "Content-Length: 0": (post(b"", b"Content-Length: 0"), to_form(b"")),
    "Content-Length with leading zeros": (post(b"abc", b"Content-Length: 003"), to_form(b"abc")),
    "Content-Length of 5,000 zeros": (post(b"", b"Content-Length: " + b"0" * 5000), to_form(b"")),
    "no length is no body (6.3)": (post(b""), to_form(b"")),
    "a type and no body, with GET": (get(b"/", b"Content-Type: text/plain"), ONE_GET),
    "a type and no body, with DELETE": (
        b"DELETE / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n\r\n",
        [(b"DELETE", b"/", b"")],
    ),
    "a GET with a body (RFC 9110, 9.3.1)": (
        get(b"/", b"Content-Length: 1") + b"b",
        [(b"GET", b"/", b"b")],
    ),
    "a body that looks like a request": (post(get(), b"Content-Length: 27"), to_form(get())),
    "chunked": (chunked(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), to_form(b"abcde")),
    "Chunked in any case (7)": (
        post(b"1\r\na\r\n0\r\n\r\n", b"transfer-encoding: CHUNKED"),
        to_form(b"a"),
    ),
    "chunked between tabs (5.1)": (
        post(b"1\r\na\r\n0\r\n\r\n", b"Transfer-Encoding:\tchunked\t"),
        to_form(b"a"),
    ),
    "chunked and empty": (chunked(b"0\r\n\r\n"), to_form(b"")),
    "chunk sizes in hex and with zeros": (
        chunked(b"0A\r\n0123456789\r\n0a\r\n0123456789\r\n000\r\n\r\n"),
        to_form(b"01234567890123456789"),
    ),
    "a chunk size with many zeros (7.1)": (
        chunked(b"0" * 30 + b"1\r\na\r\n0\r\n\r\n"),
        to_form(b"a"),
    ),
    "chunk data that looks like framing": (
        chunked(b"5\r\n0\r\n\r\n\r\n0\r\n\r\n"),
        to_form(b"0\r\n\r\n"),
    ),
    "chunk extensions (7.1.1)": (
        chunked(b'1;a;b=c;d="e;\\"f"\r\na\r\n0;last\r\n\r\n'),
        to_form(b"a"),
    ),
    "bad whitespace in a chunk extension (7.1.1)": (
        chunked(b'1 ; a = "b"\r\na\r\n0\r\n\r\n'),
        to_form(b"a"),
    ),
    "trailers, dropped (7.1.2)": (chunked(b"1\r\na\r\n0\r\nA: b\r\nC:\r\n\r\n"), to_form(b"a")),
    "Expect: 100-continue with its body": (
        post(b"ab", b"Expect: 100-Continue", b"Content-Length: 2"),
        to_form(b"ab"),
    ),
    "Expect: 100-continue twice (RFC 9110, 5.6.1)": (
        post(b"ab", b"Expect: 100-continue", b"Expect: 100-continue", b"Content-Length: 2"),
        to_form(b"ab"),
    ),
    "Expect: 100-continue without a body (RFC 9112, 6.3)": (
        get(b"/", b"Expect: 100-continue") + get(),
        ONE_GET * 2,
    ),
    "Expect: 100-continue from HTTP/1.0 (RFC 9110, 10.1.1)": (
        get(b"/", b"Expect: 100-continue", version=b"1.0"),
        ONE_GET,
    ),
}
