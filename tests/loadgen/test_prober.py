"""Before the load: waiting for the server, and looking at its answers in full."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from loadgen.engine.prober import ProbeError, await_health
from loadgen.engine.verification import verify_answers
from tests.loadgen.faulty import FaultyServer, faulty
from tests.loadgen.lives import scenario


def test_ready_at_once() -> None:
    with faulty() as server:
        assert await_health(server.address, "test", 2) == 1
        assert server.accepted == 1


def test_probes_that_were_answered_are_counted() -> None:
    with faulty() as server:
        server.health_after = 3
        assert await_health(server.address, "test", 5) == 4 == server.accepted


def test_probes_that_found_nobody_are_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    late: list[FaultyServer] = []
    timer = threading.Timer(0.3, lambda: late.append(FaultyServer(port=address[1])))
    timer.start()
    assert await_health(address, "test", 5) == 1
    late[0].listener.close()


@pytest.mark.parametrize(("mode", "said"), [("absent", "refused"), ("sick", "answered 503")])
def test_never_ready(mode: str, said: str) -> None:
    with faulty() as server:
        server.health_after = 1000
        if mode == "absent":
            server.listener.close()
            time.sleep(0.05)
        with pytest.raises(ProbeError, match=f"not ready within 0.3 s .*{said}"):
            await_health(("127.0.0.1", server.address[1]), "test", 0.3)


def test_steady_answers_are_held_to_their_length() -> None:
    requests = "[{get: /ok}, {get: /counter}, {post: /ok}, {get: /chunked, expect: {bytes: 615}}]"
    with faulty() as server:
        found = verify_answers(server.address, "test", scenario(requests, "close", "1s"))
        assert found.lengths == (615, -1, -1, 615)
        assert found.answers == found.connected == 7 == server.accepted


def test_everything_wrong_is_told() -> None:
    requests = "[{get: /missing}, {get: /ok, expect: {bytes: 1}}, {get: /reset}, {get: /short}]"
    with faulty() as server, pytest.raises(ProbeError) as caught:
        verify_answers(server.address, "test", scenario(requests, "close", "1s"))
    for words in (
        "GET /missing: answers 404, expected 200",
        "GET /ok: 615 bytes, expected 1",
        "GET /reset: Connection reset by peer",
        "GET /short: the connection ended in mid-answer",
    ):
        assert str(caught.value).count(words) == 1


def test_a_server_that_hangs_is_given_up() -> None:
    with faulty() as server, pytest.raises(ProbeError, match="no answer in time"):
        verify_answers(server.address, "test", scenario("[{get: /hang}]", "close", "200ms"))
