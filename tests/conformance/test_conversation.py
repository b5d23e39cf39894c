"""What a client sees of HTTP/1.1, the same from every model."""

from __future__ import annotations

import socket
import struct
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.running import ROOT, Answer, Server, ask, closed, read_answer

SITE = ROOT / "servers" / "site"
GET = b"GET /615b.html HTTP/1.1\r\nHost: a\r\n\r\n"


def site_file(name: str) -> bytes:
    return Path(SITE / name).read_bytes()


@pytest.mark.parametrize("name", ["615b.html", "10kb.txt", "100kb.txt", "1mb.bin"])
def test_a_file_arrives_whole(server: Server, name: str) -> None:
    answer = ask(server, f"/{name}")
    assert (answer.status, answer.body) == (200, site_file(name))


def test_head_has_the_length_and_no_body(server: Server) -> None:
    with server.connect() as client:
        client.sendall(b"HEAD /615b.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert read_answer(client, head_only=True).fields["content-length"] == "615"
        assert closed(client)


def test_a_connection_carries_many_requests(server: Server) -> None:
    with server.connect() as client:
        for _ in range(20):
            client.sendall(GET)
            assert read_answer(client).body == site_file("615b.html")


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    with server.connect() as client:
        paths = ["/615b.html", "/sleep/20", "/10kb.txt", "/nowhere", "/spin/1", "/615b.html"]
        client.sendall(b"".join(f"GET {p} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for p in paths))
        statuses = [read_answer(client).status for _ in paths]
        assert statuses == [200, 200, 200, 404, 200, 200]


def test_a_sleep_takes_its_time_however_long_nobody_asked(server: Server) -> None:
    with server.connect() as client:
        for quiet_s in (0.0, 0.03, 0.2):
            time.sleep(quiet_s)
            began_s = time.monotonic()
            client.sendall(b"GET /sleep/50 HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_answer(client).status == 200
            assert time.monotonic() - began_s >= 0.05


def test_a_request_may_come_byte_by_byte(server: Server) -> None:
    with server.connect() as client:
        for octet in GET:
            client.sendall(bytes((octet,)))
        assert read_answer(client).status == 200


@pytest.mark.parametrize(
    "request_head",
    [b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
)
def test_the_server_closes_where_it_was_asked_to(server: Server, request_head: bytes) -> None:
    with server.connect() as client:
        client.sendall(request_head)
        assert read_answer(client).status == 200
        assert closed(client)


def test_a_client_that_is_done_sending_is_still_answered(server: Server) -> None:
    with server.connect() as client:
        client.sendall(GET)
        client.shutdown(socket.SHUT_WR)
        assert read_answer(client).body == site_file("615b.html")
        assert closed(client)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: a\n\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"POST /guestbook HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: zip\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n\r\n", 417),
    ],
)
def test_a_wrong_request_is_refused_and_the_connection_closed(
    server: Server, sent: bytes, status: int
) -> None:
    with server.connect() as client:
        client.sendall(sent)
        answer = read_answer(client)
        assert answer.status == status
        assert answer.fields["connection"] == "close"
        assert closed(client)
    assert ask(server).status == 200


def test_a_refusal_arrives_although_the_body_goes_on(server: Server) -> None:
    """Closing with bytes unread would reset the connection and take the 413 with it."""
    with server.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n")
        for _ in range(8):
            client.sendall(b"x" * 65536)
        assert read_answer(client).status == 413


def test_the_server_says_continue_before_the_body(server: Server) -> None:
    head = b"POST /guestbook HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 7\r\n"
    with server.connect() as client:
        client.sendall(head + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        assert read_answer(client).status == 100
        client.sendall(b"a=b&c=d")
        assert read_answer(client).status in (303, 400)


def test_a_chunked_body_is_understood(server: Server) -> None:
    head = b"POST /guestbook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    with server.connect() as client:
        client.sendall(head + kind + b"3\r\na=b\r\n4\r\n&c=d\r\n0\r\n\r\n" + GET)
        assert read_answer(client).status in (303, 400)
        assert read_answer(client).status == 200


def test_peers_that_leave_in_any_way_harm_nobody(server: Server) -> None:
    at_once = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset
    for sent in (b"", b"GET", GET, GET * 50, b"GET /1mb.bin HTTP/1.1\r\nHost: a\r\n\r\n" * 4):
        for reset in (False, True):
            client = server.connect()
            if reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            client.sendall(sent)
            client.close()
    assert ask(server).status == 200


def test_many_clients_at_once(server: Server) -> None:
    """Thirty threads, each with fresh connections and one that lasts, all answered rightly."""
    wrong: list[object] = []

    def client() -> None:
        try:
            for _ in range(5):
                wrong.extend(a for a in [ask(server, "/10kb.txt")] if len(a.body) != 10_000)
            with server.connect() as peer:
                for _ in range(5):
                    peer.sendall(GET)
                    wrong.extend(a for a in [read_answer(peer)] if len(a.body) != 615)
        except (OSError, EOFError) as error:
            wrong.append(error)

    threads = [threading.Thread(target=client) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(min_size=1, max_size=400))
def test_no_bytes_stop_a_server(server: Server, junk: bytes) -> None:
    with server.connect() as client:
        client.sendall(junk + b"\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        try:
            read_answer(client)
        except (EOFError, ConnectionResetError, IndexError, ValueError):
            pass
    assert isinstance(ask(server), Answer)
