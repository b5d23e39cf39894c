"""How a server lives and ends: timeouts, a full table, lost children, signals, its account."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from servers.runtime.knobs import MODELS
from tests.conformance.fake_redis import fake_redis
from tests.conformance.running import (
    PATIENCE_S,
    ROOT,
    ask,
    closed,
    read_answer,
    running,
)

GET = b"GET /615b.html HTTP/1.1\r\nHost: a\r\n\r\n"
BIG = b"GET /1mb.bin HTTP/1.1\r\nHost: a\r\n\r\n"


def eventually(true: object, within_s: float = PATIENCE_S) -> None:
    """Wait until `true()`; a bounded wait for a state, not for a time."""
    deadline_s = time.monotonic() + within_s
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline_s, "it did not come true"
        time.sleep(0.01)


def test_silent_and_dawdling_peers_are_let_go(model: str) -> None:
    """One peer at a time: the iterative server can say so to one peer only."""
    with running(model, "--idle-timeout=300ms", "--header-timeout=300ms") as server:
        with server.connect() as silent:
            assert closed(silent)
        with server.connect() as kept:
            kept.sendall(GET)
            assert read_answer(kept).status == 200
            assert closed(kept)
        with server.connect() as slow:
            began_s = time.monotonic()
            try:
                while time.monotonic() - began_s < PATIENCE_S:  # a byte now and then, for ever
                    slow.sendall(b"G" if time.monotonic() == began_s else b"E")
                    slow.settimeout(0.05)
                    try:
                        answer = read_answer(slow)
                        break
                    except TimeoutError:
                        continue
            except (BrokenPipeError, ConnectionResetError):
                pytest.fail("it was reset before it was told 408")
            assert answer.status == 408
        assert ask(server).status == 200


def test_a_peer_that_takes_no_answer_is_let_go(model: str) -> None:
    with running(model, "--idle-timeout=300ms") as server, server.connect() as stalled:
        stalled.sendall(BIG * 12)
        time.sleep(0.1)
        assert ask(server).status == 200
        time.sleep(1)
        assert server.stop()["aborted"] == 1  # before the drain: nobody is left to wait for


@pytest.mark.parametrize("transfer", ["sendfile", "read-write", "mmap"])
def test_a_slow_reader_gets_every_byte(model: str, transfer: str) -> None:
    """Short writes and EAGAIN in the middle of a file, while others are served meanwhile."""
    wanted = (ROOT / "servers/site/1mb.bin").read_bytes()
    with running(model, f"--transfer={transfer}") as server, server.connect() as slow:
        slow.sendall(BIG * 12)  # more than the buffers of both ends hold
        time.sleep(0.1)
        if model != "iterative":
            assert ask(server).status == 200
        assert [read_answer(slow).body == wanted for _ in range(12)] == [True] * 12


def test_a_full_table_of_descriptors_passes(model: str) -> None:
    """More peers than descriptors: those in the backlog are served once others have left."""
    with running(model, "--idle-timeout=60s", most_files=48) as server:
        peers = [server.connect() for _ in range(60)]
        time.sleep(0.2)
        for peer in peers:
            peer.close()
        assert ask(server).status == 200
        assert ask(server, "/1mb.bin").status == 200


def test_waiting_requests_overlap_but_in_the_iterative_model(model: str) -> None:
    with running(model) as server:
        began_s = time.monotonic()
        threads = [threading.Thread(target=ask, args=(server, "/sleep/300")) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took_s = time.monotonic() - began_s
        assert (took_s >= 1.2) == (model == "iterative"), took_s


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_drain_finishes_what_is_in_hand(model: str, number: signal.Signals) -> None:
    with running(model) as server:
        busy = server.connect()
        busy.sendall(b"GET /sleep/400 HTTP/1.1\r\nHost: a\r\n\r\n")
        idle = None
        if model != "iterative":
            idle = server.connect()
            idle.sendall(GET)
            assert read_answer(idle).status == 200
        time.sleep(0.2)
        server.process.send_signal(number)
        if idle is not None:
            assert closed(idle)
        answer = read_answer(busy)
        assert (answer.status, answer.fields["connection"]) == (200, "close")
        account = server.account()
        assert account["answered"] == account["accepted"] == (1 if idle is None else 2)
        with pytest.raises(ConnectionRefusedError):
            server.connect()


def test_the_grace_has_an_end(model: str) -> None:
    with running(model, "--grace=300ms") as server:
        busy = server.connect()
        busy.sendall(b"GET /sleep/60000 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.2)
        began_s = time.monotonic()
        assert server.stop()["answered"] == 0
        assert time.monotonic() - began_s < 3


def test_the_account_equals_what_clients_saw(model: str) -> None:
    with running(model) as server:
        seen = [ask(server, path).status for path in ["/615b.html"] * 5 + ["/none"] * 2]
        seen += [ask(server, "/health").status for _ in range(3)]
        with server.connect() as client:
            client.sendall(GET * 4)
            seen += [read_answer(client).status for _ in range(4)]
        account = server.stop()
        assert account["accepted"] == 11
        assert (account["answered"], account["health"], account["aborted"]) == (11, 3, 0)
        assert account["by_status"] == {"200": 9, "404": 2}
        assert sum(worker["accepted"] for worker in account["workers"]) == 11
        assert account["backlog_left"] == 0
        assert account["forks"] == {"forking": 11, "preforked": 8}.get(model, 0)
        assert account["begun"] == {"forking": 11, "threaded": 11}.get(
            model, len(account["workers"])
        )
        assert account["cpu_user_s"] > 0
        assert account["peak_rss_bytes"] > 1_000_000


def test_clients_left_in_the_backlog_are_counted() -> None:
    with running("iterative", "--idle-timeout=60s") as server:
        first = server.connect()
        eventually(lambda: first.send(GET) and read_answer(first).status == 200)
        for _ in range(3):
            server.connect()
        assert server.stop()["backlog_left"] == 3


def test_no_zombie_stays_after_a_burst() -> None:
    with running("forking") as server:
        threads = [threading.Thread(target=ask, args=(server,)) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        eventually(lambda: server.children() == {})


def test_a_bound_on_children_and_threads_makes_clients_wait() -> None:
    for model, flag in (("forking", "--max-children=2"), ("threaded", "--max-threads=2")):
        with running(model, flag) as server:
            threads = [threading.Thread(target=ask, args=(server, "/sleep/100")) for _ in range(6)]
            began_s = time.monotonic()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert time.monotonic() - began_s >= 0.3
            assert server.stop()["answered"] == 6


def test_a_dead_child_is_replaced_but_not_in_a_storm() -> None:
    with running("preforked", "--workers=2") as server:
        eventually(lambda: len(server.children()) == 2)
        killed = 0
        deadline_s = time.monotonic() + 2
        while time.monotonic() < deadline_s:
            for pid, state in server.children().items():
                if state != "Z":
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
            time.sleep(0.005)
        assert 2 < killed < 40  # without the brake it would be hundreds
        eventually(lambda: len(server.children()) == 2)
        assert ask(server).status == 200


def test_the_guestbook_survives_the_absence_of_redis(model: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running(model, f"--redis=127.0.0.1:{port}") as server:
        with fake_redis(port):
            assert ask(server, "/guestbook").status == 200
            signed = ask(server, "/guestbook", method="POST", body=b"remark=Hello+%3Cb%3E")
            assert signed.status == 303
            assert b"Hello &lt;b&gt;" in ask(server, "/guestbook").body
        assert ask(server, "/guestbook").status == 503
        assert ask(server).status == 200
        with fake_redis(port) as back:
            assert ask(server, "/guestbook").status == 200
            assert back.counters == {b"visitor_count": 1}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "servers", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env={"PATH": os.environ["PATH"], **environment},
        check=False,
    )


def test_help_shows_the_settings_of_the_model() -> None:
    for model in MODELS:
        shown = run(model, "--help")
        assert shown.returncode == 0
        assert ("--workers" in shown.stdout) == (model in ("preforked", "prethreaded"))
        assert "--idle-timeout" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (["epoll", "--workers=4"], {}, "epoll takes no setting 'workers'; it takes port"),
        (["epoll", "--wrokers", "4"], {}, "epoll takes no setting 'wrokers'"),
        (["epoll"], {"SERVER_WORKERS": "4"}, "epoll takes no setting 'workers'"),
        (["preforked", "--workers=0"], {}, "workers: '0' is not a whole number from 1 to 4096"),
        (
            ["poll", "--transfer=magic"],
            {},
            "transfer: 'magic' is not sendfile, read-write or mmap",
        ),
        (["forking"], {"SERVER_REAP": "twice"}, "reap: 'twice' is not loop, once, never or ignore"),
        (["threaded", "--reap=loop"], {}, "threaded takes no setting 'reap'"),
        (["poll", "--idle-timeout=1h"], {}, "idle_timeout: '1h' is not a duration"),
        (["epoll", "stray", "--port=0"], {}, "unrecognized arguments: stray"),
        (["apache"], {}, "epoll"),
        ([], {}, "MODEL"),
    ],
)
def test_wrong_settings_are_named(
    arguments: list[str], environment: dict[str, str], named: str
) -> None:
    refused = run(*arguments, **environment)
    assert refused.returncode == 2
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_taken_port_is_said_so() -> None:
    with running("epoll") as server:
        refused = run("epoll", f"--port={server.port}", "--bind=127.0.0.1")
        assert refused.returncode == 1
        assert f"cannot listen on 127.0.0.1:{server.port}" in refused.stderr
        assert "--port" in refused.stderr
