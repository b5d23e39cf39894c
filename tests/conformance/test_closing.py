"""The last answer arrives whole, whatever the client sent behind its request (RFC 9112, 9.6)."""

from __future__ import annotations

import signal
import socket
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.running import PATIENCE_S, ROOT, Server, closed, read_answer, running

BIG = b"GET /1mb.bin HTTP/1.1\r\nHost: a\r\n\r\n"
SLEEP = b"GET /sleep/2 HTTP/1.1\r\nHost: a\r\n\r\n"
CLOSE = b"GET /1mb.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
SITE = ROOT / "servers" / "site"


def ended(client: socket.socket) -> bool:
    """Whether the server closes, and does so without a reset."""
    return client.recv(1) == b""


@pytest.mark.parametrize("transfer", ["sendfile", "read-write", "mmap"])
def test_a_server_that_closes_delivers_its_answer_first(model: str, transfer: str) -> None:
    with running(model, "--keepalive=off", f"--transfer={transfer}") as server:
        with server.connect() as client:
            client.sendall(BIG * 2)
            time.sleep(0.1)  # the second request lies unread
            assert len(read_answer(client).body) == 1_000_000
            assert ended(client)
        account = server.stop()
        assert (account["answered"], account["aborted"]) == (1, 0)


def test_a_client_that_breaks_its_word_gets_its_answer(server: Server) -> None:
    """It said `close`, and sends more: with the request, and while it is answered."""
    with server.connect() as client:
        client.sendall(CLOSE + BIG * 2000)
        time.sleep(0.05)
        client.sendall(BIG)
        assert len(read_answer(client).body) == 1_000_000
        assert ended(client)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    paths=st.lists(st.sampled_from(["615b.html", "1mb.bin", "100kb.txt"]), min_size=1, max_size=4),
    junk=st.sampled_from([b"", b"\r\n", b"GET", BIG, b"\0" * 100, BIG * 3000]),
    pause_s=st.sampled_from([0, 0.01]),
)
def test_all_answers_up_to_the_last_are_whole(
    server: Server, paths: list[str], junk: bytes, pause_s: float
) -> None:
    last = len(paths) - 1
    with server.connect() as client:
        for index, path in enumerate(paths):
            connection = "close" if index == last else "keep-alive"
            head = f"GET /{path} HTTP/1.1\r\nHost: a\r\nConnection: {connection}\r\n\r\n"
            client.sendall(head.encode() + (junk if index == last else b""))
            time.sleep(pause_s)
        for path in paths:
            assert read_answer(client).body == (SITE / path).read_bytes()
        assert ended(client)


def test_a_client_that_never_stops_sending_is_let_go(model: str) -> None:
    with running(model, "--keepalive=off") as server, server.connect() as client:
        client.sendall(BIG)
        client.settimeout(PATIENCE_S)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            client.sendall(b"x" * (1 << 27))
        assert server.stop()["aborted"] == 0


def test_a_drain_delivers_the_answer_that_it_made_the_last(model: str) -> None:
    """Requests keep coming while the server is told to stop."""
    with running(model) as server, server.connect() as client:
        stopped = threading.Event()

        def flood() -> None:
            try:
                while not stopped.wait(0.005):
                    client.sendall(SLEEP)
            except OSError:
                pass  # after its bounds the server closes

        client.sendall(SLEEP * 400)
        thread = threading.Thread(target=flood)
        thread.start()
        try:
            answers = [read_answer(client)]
            server.process.send_signal(signal.SIGTERM)
            while answers[-1].fields.get("connection") != "close":
                answers.append(read_answer(client))
        finally:
            stopped.set()
            thread.join()
        assert ended(client)
        assert server.account()["answered"] == len(answers)


def test_an_answer_to_no_request_arrives_too(model: str) -> None:
    """408, with the rest of the request on its way."""
    with running(model, "--header-timeout=200ms") as server, server.connect() as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        time.sleep(0.6 if model not in ("poll", "epoll") else 1.2)
        slow.sendall(b"Host: a\r\n\r\n" * 10)
        assert read_answer(slow).status == 408
        assert closed(slow)
