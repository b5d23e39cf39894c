"""No client keeps the others waiting where the model can help it, and each has its whole time."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import pytest

from servers.http1 import parse_http_date
from tests.conformance.fake_redis import fake_redis
from tests.conformance.running import Server, ask, closed, read_answer, running

LOOPS = ("poll", "epoll")


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


@pytest.mark.parametrize("path", ["/spin/0", "/sleep/0", "/guestbook", "/615b.html", "/nowhere"])
def test_no_pipeline_is_too_deep(server: Server, path: str) -> None:
    """More requests in one go than Python's calls may nest."""
    depth = 1100
    with server.connect() as client:
        feeder = threading.Thread(target=client.sendall, args=(get(path) * depth,))
        feeder.start()
        answers = [read_answer(client).status for _ in range(depth)]
        feeder.join()
    assert len(set(answers)) == 1
    assert ask(server).status == 200


def test_no_pipeline_is_too_deep_where_redis_is_away(model: str) -> None:
    with running(model, "--redis=127.0.0.1:1") as server:
        with server.connect() as client:
            client.sendall(get("/guestbook") * 300)
            assert {read_answer(client).status for _ in range(300)} == {503}
        assert server.stop()["answered"] == 300


@pytest.mark.parametrize("path", ["/615b.html", "/spin/5"])
def test_a_flood_of_pipelined_requests_starves_nobody(server: Server, path: str) -> None:
    if server.model == "iterative":
        pytest.skip("it serves one client, whoever that is, until it hangs up")
    with server.connect() as flood, server.connect() as honest:
        flooding = threading.Thread(target=flood.sendall, args=(get(path) * 200,))
        flooding.start()
        reading = threading.Thread(target=lambda: [read_answer(flood) for _ in range(200)])
        reading.start()
        time.sleep(0.05)
        slowest_s = 0.0
        for _ in range(10):
            began_s = time.monotonic()
            honest.sendall(get("/615b.html"))
            assert read_answer(honest).status == 200
            slowest_s = max(slowest_s, time.monotonic() - began_s)
        flooding.join()
        reading.join()
    assert slowest_s < 0.5


@pytest.fixture(params=LOOPS)
def loop(request: pytest.FixtureRequest) -> str:
    """The models in which one thread computes for all."""
    return str(request.param)


def test_a_client_that_asked_in_time_is_answered_although_the_loop_computed(loop: str) -> None:
    with running(loop, "--idle-timeout=500ms") as server:
        computing, quick, uploading = (server.connect() for _ in range(3))
        quick.sendall(get("/615b.html"))
        assert read_answer(quick).status == 200
        uploading.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
        computing.sendall(get("/spin/1500"))
        time.sleep(0.3)
        quick.sendall(get("/615b.html"))
        uploading.sendall(b"cd")
        assert read_answer(quick).status == 200
        assert read_answer(uploading).body == b"abcd"
        assert read_answer(computing).status == 200


def test_the_time_in_which_the_loop_did_not_look_is_not_counted(loop: str) -> None:
    """The client reads on only once the loop writes on: its time stood still meanwhile."""
    with running(loop, "--idle-timeout=600ms", "--header-timeout=600ms") as server:
        reading, slow, computing = (server.connect() for _ in range(3))
        reading.sendall(get("/1mb.bin") * 12)
        slow.sendall(b"GET / HTTP/1.1\r\n")
        time.sleep(0.2)
        computing.sendall(get("/spin/1500"))
        time.sleep(1.2)  # the loop still computes, and both deadlines would have passed
        assert {len(read_answer(reading).body) for _ in range(12)} == {1_000_000}
        slow.sendall(b"Host: a\r\n\r\n")
        assert read_answer(slow).status == 200
        assert server.stop()["aborted"] == 0


def test_redis_is_not_away_because_the_loop_computed(loop: str) -> None:
    with fake_redis() as store, running(loop, f"--redis=127.0.0.1:{store.port}") as server:
        assert ask(server, "/guestbook").status == 200
        with server.connect() as waiting, server.connect() as computing:
            waiting.sendall(get("/guestbook"))
            computing.sendall(get("/spin/2600"))
            assert read_answer(waiting).status == 200
            assert read_answer(computing).status == 200


def test_redis_is_not_away_because_many_wait_for_it(loop: str) -> None:
    """The last reply comes 3 s after it was asked for, and none 2 s after the one before."""
    with (
        fake_redis() as store,
        running(loop, f"--redis=127.0.0.1:{store.port}") as server,
        ExitStack() as clients,
    ):
        assert ask(server, "/guestbook").status == 200
        store.takes_s = 0.05
        waiting = [clients.enter_context(server.connect()) for _ in range(30)]
        for client in waiting:
            client.sendall(get("/guestbook"))
        assert {read_answer(client).status for client in waiting} == {200}


def test_the_date_is_no_older_than_a_second_after_a_long_computation(loop: str) -> None:
    with running(loop) as server:
        answer = ask(server, "/spin/2500")
        later = ask(server, "/health")
    told_s = [parse_http_date(each.fields["date"].encode()) for each in (answer, later)]
    assert told_s[0] is not None
    assert told_s[1] is not None
    assert told_s[1] - told_s[0] <= 1


def test_an_upload_has_its_time_for_each_64_kib(model: str) -> None:
    """Slower as a whole than the timeout, and yet never slow."""
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 400000\r\n\r\n"
    with running(model, "--header-timeout=500ms") as server, server.connect() as client:
        client.sendall(head)
        for _ in range(10):
            client.sendall(b"x" * 40_000)
            time.sleep(0.2)
        assert read_answer(client).body == b"x" * 400_000


def test_idle_clients_do_not_hold_up_a_drain_where_no_more_are_let_in(loop: str) -> None:
    with running(loop, "--max-connections=5") as server:
        clients = [server.connect() for _ in range(7)]  # the last two wait to be accepted
        for client in clients[:5]:
            client.sendall(get("/615b.html"))
            assert read_answer(client).status == 200
        time.sleep(0.2)
        began_s = time.monotonic()
        assert server.stop()["backlog_left"] == 2
        assert time.monotonic() - began_s < 1
        assert all(closed(client) for client in clients)


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_an_empty_line_after_an_answer_leaves_the_connection_idle(
    model: str, line_end: bytes
) -> None:
    """RFC 9112, 2.2: it is no request that has begun."""
    with running(model, "--header-timeout=200ms") as server, server.connect() as client:
        client.sendall(get("/615b.html"))
        assert read_answer(client).status == 200
        client.sendall(line_end)
        client.settimeout(1.0)
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(10)
        client.sendall(b"\r\n"[len(line_end) :] + get("/615b.html"))
        assert read_answer(client).status == 200
        client.sendall(line_end)
        time.sleep(0.1)
        began_s = time.monotonic()
        assert server.stop()["answered"] == 2
        assert time.monotonic() - began_s < 1
