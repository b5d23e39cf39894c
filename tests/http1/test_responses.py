"""A response is framed by its status, its request and its version, and nobody can add to it."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers.http1 import Connection, FileRange, Limits, ProtocolError, Response
from tests.http1.generated import names, values
from tests.http1.wire import DATE, OK

OWN = (b"connection", b"content-length", b"date", b"transfer-encoding")


def exchange(request: bytes, response: Response) -> bytes:
    connection = Connection(Limits())
    assert connection.receive_data(request) is not None
    data, file = connection.data_to_send(response, DATE)
    assert file is None
    return data


def get(version: bytes = b"1.1", connection: bytes = b"", method: bytes = b"GET") -> bytes:
    line = b"Connection: %b\r\n" % connection if connection else b""
    return b"%b / HTTP/%b\r\nHost: x\r\n%b\r\n" % (method, version, line)


def read_by_h11(method: bytes, data: bytes) -> tuple[h11.Response, bytes]:
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target=b"/", headers=[(b"Host", b"x")]))
    client.send(h11.EndOfMessage())
    client.receive_data(data)
    response = client.next_event()
    assert isinstance(response, h11.Response)
    body = b""
    while isinstance(event := client.next_event(), h11.Data):
        body += bytes(event.data)
    assert isinstance(event, h11.EndOfMessage)
    assert client.trailing_data[0] == b""
    return response, body


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((b"A", b"b%bc" % bad) for bad in (b"\r\nSet-Cookie: x", b"\r", b"\n", b"\0", b"\x7f")),
        *((b"A%bB" % bad, b"c") for bad in (b"\r\n", b":", b": x", b" ", b"\0", b"\xe9", b"(")),
        (b"", b"x"),
        *((name, b"1") for name in OWN),
        *((name.title(), b"1") for name in OWN),
    ],
)
def test_no_field_can_be_smuggled_in(name: bytes, value: bytes) -> None:
    with pytest.raises(ValueError, match=r"field|engine"):
        Response(200, ((name, value),))


@given(name=st.one_of(names, st.binary(max_size=8)), value=st.one_of(values, st.binary(max_size=8)))
def test_a_field_is_refused_or_arrives_as_it_is(name: bytes, value: bytes) -> None:
    try:
        response = Response(200, ((name, value),), b"body")
    except ValueError:
        return
    read, body = read_by_h11(b"GET", exchange(get(), response))
    expected = [(b"content-length", b"4"), (name.lower(), value.strip(b" \t"))]
    assert [*read.headers][:2] == expected
    assert [key for key, _ in read.headers][2:] == [b"date"]
    assert body == b"body"


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
