"""Responses as bytes: what the parser must take, and as what; and what it must refuse."""

from __future__ import annotations

OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = [  # name, method, bytes, status, body, stays open
    ("length", "GET", OK + b"Content-Length: 3\r\n\r\nabc", 200, b"abc", True),
    ("no body", "GET", OK + b"Content-Length: 0\r\n\r\n", 200, b"", True),
    ("lower case", "GET", OK + b"content-length:\t3 \r\nX:\r\n\r\nabc", 200, b"abc", True),
    (
        "length twice",
        "GET",
        OK + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
        200,
        b"a",
        True,
    ),
    (
        "close before",
        "GET",
        OK + b"Connection: close\r\nContent-Length: 1\r\n\r\na",
        200,
        b"a",
        False,
    ),
    (
        "close after",
        "GET",
        OK + b"Content-Length: 1\r\nConnection: close\r\n\r\na",
        200,
        b"a",
        False,
    ),
    ("options", "GET", OK + b"Connection: X, Close\r\nContent-Length: 0\r\n\r\n", 200, b"", False),
    ("1.0", "GET", b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", 200, b"a", False),
    (
        "1.0 stays",
        "GET",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
        *(200, b"a", True),
    ),
    ("no reason", "GET", b"HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", 404, b"", True),
    ("204", "GET", b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
    ("304", "GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, b"", True),
    ("HEAD", "HEAD", OK + b"Content-Length: 9\r\n\r\n", 200, b"", True),
    ("HEAD, chunked", "HEAD", OK + b"Transfer-Encoding: chunked\r\n\r\n", 200, b"", True),
    ("303", "POST", b"HTTP/1.1 303 See Other\r\nContent-Length: 0\r\n\r\n", 303, b"", True),
    (
        "chunked",
        "GET",
        OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        200,
        b"a",
        True,
    ),
    (
        "chunks, extension, trailer",
        "GET",
        OK + b"Transfer-Encoding: Chunked\r\n\r\n2;x=y\r\nab\r\n0A \r\n0123456789\r\n"
        b"000\r\nT: u\r\n\r\n",
        *(200, b"ab0123456789", True),
    ),
    (
        "interim",
        "GET",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        + OK
        + b"Content-Length: 1\r\n\r\na",
        *(200, b"a", True),
    ),
]
BROKEN = [
    ("no HTTP", b"SSH-2.0\r\n\r\n"),
    ("HTTP/2", b"HTTP/2 200\r\n\r\n"),
    ("bare LF", b"HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
    ("status of two digits", b"HTTP/1.1 20 OK\r\n\r\n"),
    ("status of 600", b"HTTP/1.1 600 OK\r\n\r\n"),
    ("space before the colon", OK + b"Content-Length : 1\r\n\r\na"),
    ("folded field", OK + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
    ("control character", OK + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n"),
    ("bad length", OK + b"Content-Length: +1\r\n\r\na"),
    ("lengths differ", OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\na"),
    ("list of lengths", OK + b"Content-Length: 1, 1\r\n\r\na"),
    ("both framings", OK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ("other coding", OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n"),
    ("chunked in 1.0", b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ("bad chunk size", OK + b"Transfer-Encoding: chunked\r\n\r\nx\r\n"),
    ("empty chunk size", OK + b"Transfer-Encoding: chunked\r\n\r\n\r\n"),
    ("chunk too long", OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"),
    ("bad trailer", OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nx y\r\n\r\n"),
    ("101", b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    ("surplus", OK + b"Content-Length: 1\r\n\r\nab"),
    ("surplus of a 204", b"HTTP/1.1 204 No Content\r\n\r\na"),
    ("endless head", OK + b"X: y\r\n" * 20_000),
    ("endless chunk extension", OK + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 9000),
]
