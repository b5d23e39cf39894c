"""A response is framed by its status, its request and its version."""

from __future__ import annotations

import pytest

from servers.http1 import Connection, FileRange, Limits, ProtocolError, Response
from tests.http1.wire import DATE, OK, exchange, read_by_h11


def get(version: bytes = b"1.1", connection: bytes = b"", method: bytes = b"GET") -> bytes:
    line = b"Connection: %b\r\n" % connection if connection else b""
    return b"%b / HTTP/%b\r\nHost: x\r\n%b\r\n" % (method, version, line)


def test_the_bytes_themselves() -> None:
    response = Response(200, ((b"Content-Type", b"text/plain"),), b"hello")
    assert exchange(get(), response) == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n"
        + DATE
        + b"\r\nhello"
    )


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (get(), b""),
        (get(connection=b"keep-alive"), b""),
        (get(connection=b"Close"), b"Connection: close\r\n"),
        (get(connection=b"x, close , y"), b"Connection: close\r\n"),
        (get(connection=b"keep-alive, close"), b"Connection: close\r\n"),
        (get(b"1.0"), b"Connection: close\r\n"),
        (get(b"1.0", b"Keep-Alive"), b"Connection: keep-alive\r\n"),
        (get(b"1.0", b"upgrade"), b"Connection: close\r\n"),
        (get(b"1.0", b"keep-alive, close"), b"Connection: close\r\n"),
    ],
)
def test_whether_it_closes(request_: bytes, line: bytes) -> None:
    """RFC 9112, 9.3 and 2.3: HTTP/1.0 is answered as HTTP/1.1, and told what becomes of it."""
    connection = Connection(Limits())
    assert connection.receive_data(request_) is not None
    data, _ = connection.data_to_send(OK, DATE)
    assert data == OK.head + DATE + line + b"\r\nok\n"
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")
    assert connection.close_after == (b"close" in line)


@pytest.mark.parametrize("status", [200, 204, 205, 206, 303, 304, 404, 416, 500])
@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"POST"])
def test_the_framing_of_a_status(status: int, method: bytes) -> None:
    """RFC 9110, 8.6 and 9.3.2: HEAD is told the length and spared the content."""
    content = b"" if status in (204, 205, 304) else b"content"
    data = exchange(get(method=method), Response(status, (), content))
    response, body = read_by_h11(method, data)
    length = None if status in (204, 304) else b"%d" % len(content)
    assert response.status_code == status
    assert dict(response.headers).get(b"content-length") == length
    assert body == (b"" if method == b"HEAD" else content)
    assert data.endswith(b"\r\n\r\n" + body)


@pytest.mark.parametrize("status", [100, 101, 103, 199, 99, 600, 0, -1])
def test_only_final_statuses(status: int) -> None:
    with pytest.raises(ValueError, match="not the status"):
        Response(status)


@pytest.mark.parametrize("status", [204, 205, 304])
@pytest.mark.parametrize("body", [b"x", FileRange(0, 0, 1)])
def test_no_content_where_none_may_be(status: int, body: bytes | FileRange) -> None:
    with pytest.raises(ValueError, match="no content"):
        Response(status, (), body)


def test_a_file_is_sent_after_the_head() -> None:
    file = FileRange(7, 100, 23)
    response = Response(206, ((b"Content-Range", b"bytes 100-122/200"),), file)
    connection = Connection(Limits())
    connection.receive_data(get())
    data, rest = connection.data_to_send(response, DATE)
    assert rest is file
    assert b"\r\nContent-Length: 23\r\n" in data
    assert data.endswith(b"\r\n\r\n")
    connection.receive_data(get(method=b"HEAD"))
    assert connection.data_to_send(response, DATE) == (data, None)


def test_an_empty_file_is_nothing_to_send() -> None:
    assert Response(200, (), FileRange(7, 0, 0)).file is None


def test_a_refusal_says_why() -> None:
    response = ProtocolError(431, "too much").response()
    assert response.status == 431
    assert response.head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert response.content == b"too much\n"


def test_a_status_without_a_phrase_keeps_the_space() -> None:
    assert Response(299).head.startswith(b"HTTP/1.1 299 \r\n")
