"""Expect: 100-continue (RFC 9110, 10.1.1): who waits, who does not, and when the wait is over."""

from __future__ import annotations

import pytest

from servers.http1 import CONTINUE, Connection, Limits, ProtocolError

EXPECTING = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"


@pytest.fixture
def connection() -> Connection:
    return Connection(Limits())


def test_the_client_waits_to_be_told_to_continue(connection: Connection) -> None:
    assert connection.receive_data(EXPECTING) is None
    assert connection.wants_continue
    assert CONTINUE == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.continued()
    assert not connection.wants_continue
    assert connection.mid_message
    request = connection.receive_data(b"ab")
    assert request is not None
    assert request.body == b"ab"
    assert not connection.wants_continue


@pytest.mark.parametrize(
    "data",
    [
        EXPECTING + b"a",  # RFC 9110, 10.1.1: content has come, so nobody waits
        EXPECTING.replace(b"HTTP/1.1", b"HTTP/1.0"),  # there: to be ignored
        EXPECTING.replace(b"Length: 2", b"Length: 0"),
        EXPECTING[:-2],
        EXPECTING.replace(b"POST", b"GET").replace(b"Content-Length: 2\r\n", b""),
    ],
)
def test_the_client_does_not_wait(connection: Connection, data: bytes) -> None:
    connection.receive_data(data)
    assert not connection.wants_continue


def test_content_that_comes_unbidden_ends_the_wait(connection: Connection) -> None:
    connection.receive_data(EXPECTING)
    connection.receive_data(b"a")
    assert not connection.wants_continue


def test_a_body_too_large_is_refused_before_it_is_sent(connection: Connection) -> None:
    with pytest.raises(ProtocolError, match="413"):
        connection.receive_data(EXPECTING.replace(b"Length: 2", b"Length: 2000000"))
    assert not connection.wants_continue


def test_nobody_waits_once_the_last_answer_is_given(connection: Connection) -> None:
    connection.receive_data(EXPECTING)
    connection.data_to_send(ProtocolError(408, "too slow").response(), b"Date: now\r\n")
    assert not connection.wants_continue


def test_no_data_does_not_end_the_wait(connection: Connection) -> None:
    connection.receive_data(EXPECTING)
    assert connection.receive_data(b"") is None
    assert connection.wants_continue
