"""Settings that hold the wrong way beside the right one: what the kernel shows of each."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.conformance.running import (
    PATIENCE_S,
    ROOT,
    Server,
    ask,
    closed,
    read_answer,
    running,
)
from tests.conformance.test_life import BIG, GET, eventually, run

EPOLLET = 1 << 31
LISTEN = "0A"
USAGE = ("cpu_user_s", "cpu_system_s", "voluntary_switches", "peak_rss_bytes")


def states(server: Server) -> str:
    """One letter for each child, as in /proc/PID/stat."""
    return "".join(server.children().values())


@pytest.mark.parametrize(
    ("reap", "zombies"), [("loop", 0), ("once", 9), ("never", 10), ("ignore", 0)]
)
def test_zombies_after_ten_children_ended_at_once(reap: str, zombies: int) -> None:
    """The parent is stopped meanwhile: ten children end, and one SIGCHLD is pending."""
    with running("forking", f"--reap={reap}") as server:
        clients = [server.connect() for _ in range(10)]
        for client in clients:
            client.sendall(GET)
            assert read_answer(client).status == 200
        eventually(lambda: states(server) == "S" * 10)
        server.process.send_signal(signal.SIGSTOP)
        for client in clients:
            client.close()
        eventually(lambda: states(server) == ("" if reap == "ignore" else "Z" * 10))
        server.process.send_signal(signal.SIGCONT)
        eventually(lambda: states(server) == "Z" * zombies)
        time.sleep(0.1)
        assert states(server) == "Z" * zombies
        account = server.stop()
        assert (account["accepted"], account["answered"], account["forks"]) == (10, 10, 10)
        assert all((account[name] is None) == (reap == "ignore") for name in USAGE)


def test_whom_the_kernel_reaped_holds_no_place() -> None:
    with running("forking", "--reap=ignore", "--max-children=2") as server:
        assert {ask(server).status for _ in range(7)} == {200}
        account = server.stop()
        assert (account["answered"], account["begun"], len(account["workers"])) == (7, 7, 2)


def test_where_nobody_reaps_the_table_fills_and_the_drain_still_ends() -> None:
    with running("forking", "--reap=never", "--max-children=2", "--grace=300ms") as server:
        assert {ask(server).status for _ in range(2)} == {200}
        with server.connect() as third:
            third.settimeout(0.3)
            third.sendall(GET)
            with pytest.raises(TimeoutError):
                third.recv(1)
            assert server.stop()["answered"] == 2


def test_a_child_in_hand_is_waited_for_where_the_kernel_reaps() -> None:
    with running("forking", "--reap=ignore") as server, server.connect() as client:
        client.sendall(b"GET /sleep/300 HTTP/1.1\r\nHost: a\r\n\r\n")
        eventually(lambda: states(server) == "S")
        server.process.send_signal(signal.SIGTERM)
        assert read_answer(client).status == 200
        client.close()
        assert server.account()["answered"] == 1


def switches(server: Server) -> int:
    """Voluntary ones of all children so far."""
    told = [Path(f"/proc/{pid}/status").read_text() for pid in server.children()]
    return sum(
        int(re.findall(r"^voluntary_ctxt_switches:\s+(\d+)", each, re.M)[0]) for each in told
    )


@pytest.mark.parametrize(
    ("accept_wait", "least", "most"),
    [("block", 0.9, 3), ("poll", 6, 14), ("epoll", 6, 14), ("epoll-exclusive", 0.9, 4.5)],
)
def test_how_many_of_eight_workers_wake_for_a_client(
    accept_wait: str, least: float, most: float
) -> None:
    """One wakes to accept, and once more where it must wait for the request."""
    with running("preforked", f"--accept-wait={accept_wait}") as server:
        eventually(lambda: states(server) == "S" * 8)
        time.sleep(0.1)
        before = switches(server)
        for _ in range(40):
            assert ask(server).status == 200
            eventually(lambda: states(server) == "S" * 8)
        assert least <= (switches(server) - before) / 40 <= most
        account = server.stop()
        assert sum(worker["accepted"] for worker in account["workers"]) == 40


@pytest.mark.parametrize("accept_wait", ["poll", "epoll", "epoll-exclusive"])
@pytest.mark.parametrize(
    "pool", [("preforked",), ("prethreaded",), ("prethreaded", "--accept-mutex=off")]
)
def test_a_worker_that_waits_for_readiness_serves_and_drains(
    pool: tuple[str, ...], accept_wait: str
) -> None:
    with running(*pool, f"--accept-wait={accept_wait}") as server:
        threads = [threading.Thread(target=ask, args=(server, "/sleep/20")) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with server.connect() as busy:
            busy.sendall(b"GET /sleep/300 HTTP/1.1\r\nHost: a\r\n\r\n")
            time.sleep(0.1)
            began_s = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert read_answer(busy).status == 200
        assert server.account()["answered"] == 21
        assert time.monotonic() - began_s < 0.7  # woken, not found out by looking again


def listening(port: int) -> list[str]:
    """The inodes of the sockets that listen there."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [row[9] for row in rows if row[3] == LISTEN and row[1].endswith(f":{port:04X}")]


@pytest.mark.parametrize(("reuseport", "listeners"), [("on", 4), ("off", 1)])
def test_each_worker_has_a_listener_and_a_queue_of_its_own(reuseport: str, listeners: int) -> None:
    with running("preforked", f"--reuseport={reuseport}", "--workers=4") as server:
        eventually(lambda: states(server) == "S" * 4)
        assert len(set(listening(server.port))) == listeners
        for _ in range(30):
            assert ask(server).status == 200
        children = server.children()
        for pid in children:
            os.kill(pid, signal.SIGSTOP)
        eventually(lambda: states(server) == "T" * 4)
        for _ in range(12):  # nobody accepts these
            server.connect()
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: listening(server.port) == [])
        for pid in children:
            os.kill(pid, signal.SIGCONT)
        account = server.account()
        assert (account["answered"], account["accepted"], account["backlog_left"]) == (30, 30, 12)
        served = [worker["accepted"] for worker in account["workers"]]
        assert reuseport == "off" or sum(count > 0 for count in served) > 1


def test_who_replaces_a_dead_worker_takes_over_its_queue() -> None:
    with running("preforked", "--reuseport=on", "--workers=1") as server:
        eventually(lambda: states(server) == "S")
        [pid] = server.children()
        os.kill(pid, signal.SIGSTOP)
        eventually(lambda: states(server) == "T")
        with server.connect() as client:
            client.sendall(GET)
            os.kill(pid, signal.SIGKILL)
            assert read_answer(client).status == 200


def test_too_many_listeners_are_said_so() -> None:
    with running("preforked", "--reuseport=on", "--workers=60", most_files=40) as server:
        assert server.process.wait(PATIENCE_S) == 1
        assert server.process.stderr is not None
        told = server.process.stderr.read()
        assert "Too many open files; ask for fewer with --workers" in told
        assert "Traceback" not in told


def interests(server: Server) -> list[int]:
    """What epoll is asked to report, a mask for each descriptor (proc(5), fdinfo)."""
    told = "".join(
        each.read_text() for each in Path(f"/proc/{server.process.pid}/fdinfo").iterdir()
    )
    return [int(mask, 16) for mask in re.findall(r"events:\s*([0-9a-f]+)", told)]


@pytest.mark.parametrize("trigger", ["level", "edge"])
def test_the_kernel_reports_changes_or_states(trigger: str) -> None:
    with running("epoll", f"--trigger={trigger}") as server, server.connect() as client:
        client.sendall(GET)
        assert read_answer(client).status == 200
        eventually(lambda: len(interests(server)) == 2)  # the listener and the client
        assert {bool(mask & EPOLLET) for mask in interests(server)} == {trigger == "edge"}


@pytest.mark.parametrize("transfer", ["sendfile", "read-write", "mmap"])
def test_an_edge_is_followed_until_nothing_is_left(transfer: str) -> None:
    """More than is read, sent or accepted in one go, while nothing new arrives."""
    wanted = (ROOT / "servers/site/1mb.bin").read_bytes()
    with running("epoll", "--trigger=edge", f"--transfer={transfer}") as server:
        with server.connect() as upload, server.connect() as slow:
            slow.sendall(BIG * 12)
            body = b"x" * 400_000
            head = f"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
            upload.sendall(head.encode() + body)
            assert read_answer(upload).body == body
            assert [read_answer(slow).body == wanted for _ in range(12)] == [True] * 12
        server.process.send_signal(signal.SIGSTOP)
        crowd = [server.connect() for _ in range(150)]
        for client in crowd:
            client.sendall(GET)
        server.process.send_signal(signal.SIGCONT)
        assert {read_answer(client).status for client in crowd} == {200}
        assert server.stop()["aborted"] == 0


@pytest.mark.parametrize("model", ["iterative", "forking", "preforked", "prethreaded", "epoll"])
def test_sigint_can_be_ignored(model: str) -> None:
    with running(model, "--sigint=ignore") as server:
        assert ask(server).status == 200  # it has taken over its signals
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        assert ask(server).status == 200
        assert server.stop()["answered"] == 2


@pytest.mark.parametrize("reuseaddr", ["off", "on"])
def test_a_quick_restart_needs_reuseaddr(reuseaddr: str) -> None:
    """The server closed first: the connection stays in TIME_WAIT on its port."""
    with running("epoll", f"--reuseaddr={reuseaddr}", "--keepalive=off") as server:
        with server.connect() as client:
            client.sendall(GET)
            assert read_answer(client).status == 200
            assert closed(client)
        server.stop()
    again = ("epoll", f"--port={server.port}", "--bind=127.0.0.1", f"--reuseaddr={reuseaddr}")
    if reuseaddr == "off":
        refused = run(*again)
        assert refused.returncode == 1
        assert "Address already in use" in refused.stderr
    else:
        with running(*again) as restarted:
            assert ask(restarted).status == 200
