"""The conversation around the messages: refusals, endings, and what is in between."""

from __future__ import annotations

import pytest

from servers.http1 import Connection, Limits, ProtocolError, Request
from tests.http1.wire import DATE, FOLLOWER, OK

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
FORM = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"


@pytest.fixture
def connection() -> Connection:
    return Connection(Limits())


def received(connection: Connection, data: bytes) -> Request:
    request = connection.receive_data(data)
    assert request is not None
    return request


def answered(connection: Connection) -> bytes:
    return connection.data_to_send(OK, DATE)[0]


def refused(connection: Connection, data: bytes) -> bytes:
    with pytest.raises(ProtocolError) as refusal:
        connection.receive_data(data)
    return connection.data_to_send(refusal.value.response(), DATE)[0]


def test_a_request_in_full(connection: Connection) -> None:
    request = received(connection, b"GET /a%20b?c=d?e HTTP/1.1\r\nhOST: x\r\nA: 1\r\na:2\r\n\r\n")
    assert (request.method, request.target) == (b"GET", b"/a%20b?c=d?e")
    assert (request.path, request.query) == (b"/a%20b", b"c=d?e")
    assert request.fields == {b"host": b"x", b"a": b"1, 2"}
    assert (request.version, request.keep_alive, request.body) == (1, True, b"")


@pytest.mark.parametrize(
    ("target", "meaning"),
    [
        (b"/", (b"/", b"", b"x")),
        (b"/?", (b"/", b"", b"x")),
        (b"http://y:81/a/b?c", (b"/a/b", b"c", b"y:81")),
        (b"http://y?c/d", (b"/", b"c/d", b"y")),
        (b"HTTP://y", (b"/", b"", b"y")),
    ],
)
@pytest.mark.parametrize("step", [1, 1000])
def test_the_parts_of_a_target(
    connection: Connection, target: bytes, meaning: tuple[bytes, bytes, bytes], step: int
) -> None:
    """RFC 9112, 3.2.2: the authority of the target counts, not Host."""
    wire = b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % target
    for at in range(0, len(wire), step):
        request = connection.receive_data(wire[at : at + step])
    assert request is not None
    assert request.target == target
    assert (request.path, request.query, request.fields[b"host"]) == meaning


@pytest.mark.parametrize("step", [1, 1000])
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize(
    "rest", [b"Bad\r\n", b"A: b\r\n\r\n", b"Host: x\r\nContent-Length: 2000000\r\n\r\n"]
)
def test_a_refusal_is_the_last_answer(method: bytes, rest: bytes, step: int) -> None:
    """RFC 9110, 9.3.2: even a refused HEAD is answered without content."""
    connection = Connection(Limits())
    wire = method + b" / HTTP/1.1\r\n" + rest
    for at in range(0, len(wire), step):
        if at + step >= len(wire):
            data = refused(connection, wire[at : at + step])
        else:
            assert connection.receive_data(wire[at : at + step]) is None
    assert b"\r\nConnection: close\r\n" in data
    assert data.endswith(b"\r\n\r\n") == (method == b"HEAD")
    assert connection.close_after
    assert connection.receive_data(FOLLOWER) is None
    assert connection.next_request() is None
    assert not connection.mid_message


def test_an_answer_to_no_request_is_the_last_one(connection: Connection) -> None:
    """408 to a client that dawdles; its last request was a HEAD, but that one is answered."""
    received(connection, b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    answered(connection)
    connection.receive_data(b"GET / HT")
    assert answered(connection).endswith(b"Connection: close\r\n\r\nok\n")
    assert connection.close_after


def test_the_server_may_wish_to_close(connection: Connection) -> None:
    received(connection, GET + FOLLOWER)
    connection.closing()
    assert b"\r\nConnection: close\r\n" in answered(connection)
    assert connection.close_after
    assert connection.next_request() is None


def test_nothing_is_read_after_the_last_request(connection: Connection) -> None:
    """RFC 9112, 9.6: not even before that one is answered."""
    received(connection, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + FOLLOWER)
    assert connection.next_request() is None
    assert connection.receive_data(FOLLOWER) is None


@pytest.mark.parametrize(
    ("wire", "content"),
    [(b"\r\nHEAD / HTTP/1.1\r\n\r\n", b""), (b"HEADS / HTTP/1.1\r\n", b"method not implemented\n")],
)
def test_what_counts_as_a_head_request(connection: Connection, wire: bytes, content: bytes) -> None:
    assert refused(connection, wire).partition(b"\r\n\r\n")[2] == content


def test_pipelined_requests_are_asked_for(connection: Connection) -> None:
    received(connection, GET + FOLLOWER + FOLLOWER[:5])
    answered(connection)
    second = connection.next_request()
    assert second is not None
    assert second.path == b"/follower"
    answered(connection)
    assert connection.next_request() is None
    assert connection.mid_message
    assert received(connection, FOLLOWER[5:]).path == b"/follower"
    assert not connection.mid_message


def test_no_data_is_no_news(connection: Connection) -> None:
    assert connection.receive_data(b"") is None
    assert not connection.mid_message
    connection.receive_data(FORM)
    assert connection.receive_data(b"") is None
    assert connection.mid_message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", False),
        (b"\r", False),  # RFC 9112, 2.2: the empty line that may precede a request is not one
        (b"\r\n", False),
        (b"\r\nG", True),
        (b"G", True),
        (GET[:-1], True),
        (GET, False),
        (GET + b"\r\n", False),
        (GET + b"G", True),
        (FORM, True),
        (FORM + b"a", True),
        (FORM + b"ab", False),
    ],
)
def test_mid_message(connection: Connection, data: bytes, expected: bool) -> None:
    connection.receive_data(data)
    assert connection.mid_message == expected


def test_only_one_empty_line_however_it_comes(connection: Connection) -> None:
    received(connection, GET)
    answered(connection)
    for piece in (b"\r", b"\n", b"\r"):
        assert connection.receive_data(piece) is None
    assert refused(connection, b"\n").startswith(b"HTTP/1.1 400 ")
