"""Requests refused for what their heads say of their bodies, or for the bodies: see refused.py."""

from tests.http1.accepted import chunked, get, post

REFUSED_FRAMING: dict[str, tuple[bytes, int]] = {
    # 6: framing
    **{
        f"Content-Length: {value.decode('latin-1')}": (post(b"", b"Content-Length: " + value), 400)
        for value in (b"", b"+1", b"-1", b"1.0", b"0x1", b"1_0", b"1 1", b"1, 1", b"1,2", b"\xb2")
    },
    "two lengths (6.3)": (post(b"", b"Content-Length: 1", b"Content-Length: 2"), 400),
    "the same length twice (6.3)": (post(b"", b"Content-Length: 1", b"content-length: 1"), 400),
    "a length beyond the limit": (post(b"", b"Content-Length: 1048577"), 413),
    "a length of 5,000 digits": (post(b"", b"Content-Length: " + b"9" * 5000), 413),
    "both lengths (6.1)": (post(b"", b"Content-Length: 1", b"Transfer-Encoding: chunked"), 400),
    "both lengths, the other order": (
        post(b"", b"Transfer-Encoding: chunked", b"Content-Length: 1"),
        400,
    ),
    "chunked in HTTP/1.0 (6.1)": (
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
    ),
    **{
        f"Transfer-Encoding: {value.decode()}": (post(b"", b"Transfer-Encoding: " + value), status)
        for value, status in {
            b"gzip": 501,
            b"gzip, chunked": 501,
            b"chunked, gzip": 400,  # 6.3 (4): chunked is not the last, the length is unknowable
            b"identity": 501,
            b"xchunked": 501,
            b"chunked, chunked": 400,
            b"chunked;q=1": 400,
            b"chunked,": 400,
            b",chunked": 400,
            b"": 400,
            b"chunked chunked": 400,
            b'"chunked"': 400,
        }.items()
    },
    "chunked twice": (
        post(b"", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
        400,
    ),
    "content of no length (RFC 9110, 15.5.12)": (post(b"", b"Content-Type: text/plain"), 411),
    "expected content of no length (RFC 9110, 15.5.12)": (post(b"", b"Expect: 100-continue"), 411),
    "another expectation among two (RFC 9110, 10.1.1)": (
        get(b"/", b"Expect: 100-continue, a-miracle"),
        417,
    ),
    "another expectation (RFC 9110, 10.1.1)": (get(b"/", b"Expect: a-miracle"), 417),
    "another expectation with a body": (post(b"", b"Expect: x", b"Content-Length: 1"), 417),
    # 7.1: chunks
    **{
        f"chunk size {size!r}": (chunked(size + b"\r\n"), 400)
        for size in (b"", b"g", b"-1", b"+1", b"0x1", b"1 ", b" 1", b"1_0", b"1,", b"\xb2", b"1\r")
    },
    **{
        f"chunk extension {extension!r}": (chunked(b"1" + extension + b"\r\n"), 400)
        for extension in (b";", b";;", b";a=", b";=b", b';a="', b";a b", b";a=\0", b';a="\\\x7f"')
    },
    "a chunk size ended by LF": (chunked(b"1\n"), 400),
    "a chunk longer than its size": (chunked(b"1\r\nab\r\n"), 400),
    "a chunk ended by LF": (chunked(b"1\r\na\n0"), 400),
    "a chunk beyond the limit": (chunked(b"100001\r\n"), 413),
    "a chunk size of 100 digits": (chunked(b"1" + b"0" * 99 + b"\r\n"), 413),
    "chunks beyond the limit": (
        chunked(b"1\r\na\r\nfffff\r\n" + b"b" * 0xFFFFF + b"\r\n1\r\n"),
        413,
    ),
    "a folded trailer (7.1.2)": (chunked(b"0\r\nA: b\r\n c\r\n"), 400),
    **{
        f"{name.decode()} in a trailer (RFC 9110, 6.5.1)": (
            chunked(b"0\r\nA: b\r\n%b: 1\r\n" % name),
            400,
        )
        for name in (b"Content-Length", b"transfer-encoding")
    },
    "a malformed trailer (7.1.2)": (chunked(b"0\r\nA\r\n"), 400),
    "a control character in a trailer": (chunked(b"0\r\nA: \0\r\n"), 400),
    "trailers ended by LF": (chunked(b"0\r\n\n"), 400),
}
